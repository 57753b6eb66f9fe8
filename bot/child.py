"""A process of our own beside this one: how it is started, and the limits that it sets itself."""

from __future__ import annotations

import os
import sys

from bot.settings import TOKEN

MOST_MEMORY = 1_000_000_000
"""Bytes that reading something from a stranger may take."""


def child_command(module: str, *arguments: str) -> list[str]:
    """The command that runs ``module``, one of ours, with the Python that runs this."""
    # -P: a folder named like one of our packages in the working directory is not ours.
    return [sys.executable, "-P", "-m", module, *arguments]


def child_environment() -> dict[str, str]:
    """Our environment, less the key to Discord, which only the connection to it needs."""
    return {name: value for name, value in os.environ.items() if name != TOKEN}


def limit_process(seconds: int) -> None:
    """Let this process take no more processor time and memory than what it reads is worth."""
    try:
        import resource
    except ImportError:
        return  # Windows: there the time limit of whoever started this must do.
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
