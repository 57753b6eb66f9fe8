"""How the process is set up before anything heavy is imported: for answers within a second."""

from __future__ import annotations

import gc
import os

# Collecting garbage every 700 objects goes again and again through all that imports have made.
OBJECTS_BETWEEN_COLLECTIONS = 50_000

# The matrices here are small: threads that wait for each other cost more than they bring, and
# making them is a third of importing numpy. numpy reads these when it is imported.
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

# Looking for plugins, pydantic reads the metadata of every package that is installed.
WITHOUT_PLUGINS = "PYDANTIC_DISABLE_PLUGINS"


def prepare_process() -> None:
    """Set up memory, threads and plugins; what the person has set in the environment stays."""
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    os.environ.setdefault(WITHOUT_PLUGINS, "__all__")
