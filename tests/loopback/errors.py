"""What goes wrong: the error bodies of the REST API, and what a person could not have done."""

from __future__ import annotations

from tests.loopback.constants import Json

UNKNOWN = {
    "Channel": 10003,
    "Guild": 10004,
    "Member": 10007,
    "Message": 10008,
    "User": 10013,
    "Emoji": 10014,
    "Webhook": 10015,
    "interaction": 10062,
    "application command": 10063,
}


class ApiError(Exception):
    """An answer other than 2xx: HTTP status, Discord's own code, and its message."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.body: Json = {"message": message, "code": code}
        if errors:
            self.body["errors"] = errors


def unknown(what: str) -> ApiError:
    """404, in Discord's spelling of what is not there."""
    return ApiError(404, UNKNOWN[what], f"Unknown {what}")


class NotVisible(AssertionError):
    """A person could not have done this.

    There is no such command or button, it is disabled, or it is not for them or not here.
    """
