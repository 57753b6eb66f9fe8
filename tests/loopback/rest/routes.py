"""A table of routes, and what a route gets to see of a call."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from tests.loopback.constants import Uploads

NO_CONTENT = (HTTPStatus.NO_CONTENT, None)
"""What a route returns that has nothing to say."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """The body and query of a call."""

    json: Any
    files: Uploads
    query: Mapping[str, str]

    @property
    def filenames(self) -> set[str]:
        return {upload.name for upload in self.files.values()}


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """One kind of call: `handler(world, call, **arguments)` returns a body or status and body."""

    method: str
    template: str
    pattern: re.Pattern[str]
    handler: Callable[..., Any]
    needs_token: bool


class Routes(list[Route]):
    """Routes in the order in which they are tried."""

    def route(
        self, method: str, template: str, *, needs_token: bool = True
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Add the decorated function; `{name}` in the template becomes its argument."""
        pattern = re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", template))

        def add(handler: Callable[..., Any]) -> Callable[..., Any]:
            self.append(
                Route(
                    method=method,
                    template=template,
                    pattern=pattern,
                    handler=handler,
                    needs_token=needs_token,
                )
            )
            return handler

        return add

    def find(self, method: str, path: str) -> tuple[Route, Mapping[str, str]] | None:
        for route in self:
            if route.method == method and (hit := route.pattern.fullmatch(path)):
                return route, hit.groupdict()
        return None
