"""Try something on one article: what it returns, or why this article failed."""

from __future__ import annotations

import logging
import sqlite3
from typing import TYPE_CHECKING, TypeVar

from index.errors import ArticleError, PullquoteError

if TYPE_CHECKING:
    from collections.abc import Callable

logger = logging.getLogger(__name__)

Result = TypeVar("Result")


def attempt(name: str, action: Callable[[], Result]) -> Result | ArticleError:
    """What ``action`` returns, or why this article failed: one article never stops the rest.

    What is wrong with the catalog, or said on purpose, is raised.
    """
    try:
        return action()
    except ArticleError as error:
        return error
    except (PullquoteError, sqlite3.Error):
        raise
    except Exception as error:
        logger.info("unexpected failure in %s", name, exc_info=True)
        return ArticleError(name, f"unexpected: {error or type(error).__name__}")
