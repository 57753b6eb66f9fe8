"""The options that many commands have, and the settings that they lead to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from bot.settings import IntakeSettings
    from index.settings import Settings

CorpusOption = Annotated[
    Path | None, typer.Option("--corpus", metavar="FOLDER", help="Where the articles are.")
]
IndexOption = Annotated[
    Path | None, typer.Option("--index", metavar="FOLDER", help="Where the index is kept.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Write JSON, one object a line.")]


def read_settings(context: typer.Context, corpus: Path | None, index: Path | None) -> Settings:
    """The settings, and a note of the index folder for whoever reports a defect."""
    from bot import settings as read

    settings = read.read_settings(corpus=corpus, index=index)
    context.obj.folder = settings.folder
    return settings


def read_intake_settings(
    context: typer.Context, corpus: Path | None, index: Path | None
) -> IntakeSettings:
    """The settings for taking articles in, and the same note."""
    from bot import settings as read

    settings = read.read_intake_settings(corpus=corpus, index=index)
    context.obj.folder = settings.library.folder
    return settings
