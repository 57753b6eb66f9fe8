"""A statement against sentences of articles: the same, another value, another thing."""
