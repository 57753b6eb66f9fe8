"""The form every body is checked with: it collects 50035 errors, nested as Discord does."""

from __future__ import annotations

from typing import Any

from tests.loopback.constants import Json
from tests.loopback.errors import ApiError

Keys = tuple[Any, ...]
"""Where a value stands in a body: names and places from the outside in."""

NO_LIMIT = 1 << 30


class Form:
    """Checks values one by one; `check` raises when any was wrong."""

    def __init__(self, *prefix: str) -> None:
        self.prefix = prefix
        self.errors: Json = {}

    def add(self, keys: Keys, code: str, message: str) -> None:
        """Note an error of the value at these keys."""
        node = self.errors
        for key in (*self.prefix, *keys):
            node = node.setdefault(str(key), {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def check(self) -> None:
        """Raise 50035 when anything was wrong."""
        if self.errors:
            raise ApiError(400, 50035, "Invalid Form Body", self.errors)

    def reject(self, keys: Keys, code: str, message: str) -> None:
        """Raise 50035 for this one error."""
        self.add(keys, code, message)
        self.check()

    def required(self, keys: Keys) -> None:
        """Note that a value is missing."""
        self.add(keys, "BASE_TYPE_REQUIRED", "This field is required")

    def length(self, keys: Keys, size: int, low: int, high: int) -> None:
        """Check a length, of text or of a list."""
        if low <= size <= high:
            return
        if high == NO_LIMIT:
            self.add(keys, "BASE_TYPE_MIN_LENGTH", f"Must be {low} or more in length.")
        elif low > 0:
            message = f"Must be between {low} and {high} in length."
            self.add(keys, "BASE_TYPE_BAD_LENGTH", message)
        else:
            self.add(keys, "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")

    def text(self, keys: Keys, value: Any, low: int, high: int, *, strip: bool = False) -> int:
        """Check a text; return its length, 0 when it is absent or no text."""
        if value is None:
            if low:
                self.required(keys)
            return 0
        if not isinstance(value, str):
            message = f'Could not interpret "{value}" as string.'
            self.add(keys, "STRING_TYPE_CONVERT", message)
            return 0
        size = len(value.strip() if strip else value)
        if low and not size:
            self.required(keys)
        else:
            self.length(keys, size, low, high)
        return size

    def items(self, keys: Keys, value: Any, low: int, high: int) -> list[Any]:
        """Check a list; return it, empty when it is absent or no list."""
        if value is None:
            value = []
        if not isinstance(value, list):
            self.add(keys, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        self.length(keys, len(value), low, high)
        return value

    def mapping(self, keys: Keys, value: Any) -> bool:
        """Check that this is an object."""
        if isinstance(value, dict):
            return True
        self.add(keys, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
        return False

    def integer(self, keys: Keys, value: Any, low: int, high: int) -> None:
        """Check a whole number, if there is one."""
        if value is None:
            return
        if isinstance(value, bool) or not isinstance(value, int):
            self.add(keys, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
        elif value < low:
            message = f"int value should be greater than or equal to {low}."
            self.add(keys, "NUMBER_TYPE_MIN", message)
        elif value > high:
            message = f"int value should be less than or equal to {high}."
            self.add(keys, "NUMBER_TYPE_MAX", message)

    def one_of(self, keys: Keys, value: Any, choices: tuple[Any, ...]) -> None:
        """Check that the value is among the choices."""
        if value not in choices:
            self.add(keys, "BASE_TYPE_CHOICES", f"Value must be one of {choices}.")

    def url(
        self,
        keys: Keys,
        value: Any,
        schemes: tuple[str, ...] = ("http", "https"),
        high: int = 2048,
    ) -> None:
        """Check an address, if there is one."""
        if value in (None, "") or not self.text(keys, value, 1, high):
            return
        scheme = value.split(":", 1)[0].lower() if ":" in value else ""
        if scheme not in schemes:
            message = f'Scheme "{scheme}" must be one of {schemes}.'
            self.add(keys, "URL_TYPE_INVALID_SCHEME", message)
        elif scheme in ("http", "https") and not is_well_formed(value):
            self.add(keys, "URL_TYPE_INVALID_URL", "Not a well formed URL.")


def is_well_formed(url: str) -> bool:
    """Whether a web address has no blank, and a host that has a dot or is this machine."""
    if "://" not in url:
        return True
    host = url.partition("//")[2].partition("/")[0].replace("localhost", ".")
    return " " not in url and "." in host
