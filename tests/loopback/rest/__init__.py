"""The REST API, version 10: the door every call comes in by, and the routes by area."""
