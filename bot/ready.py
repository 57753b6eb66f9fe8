"""``python -m bot.ready …``: ``pullquote …`` that begins when it is told to, and then at once.

What takes a second to import is imported before. It is told by a line on standard input; where that
ends without one, whoever wanted it is gone or has changed their mind.
"""

from __future__ import annotations

import sys

from bot.process import prepare_process


def main() -> int:
    """Import what indexing needs, wait, then run the command line; its exit status."""
    prepare_process()
    from index.vectors import import_chromadb

    import_chromadb()
    import index.llamaindex as _  # noqa: F401 - it is kept by Python

    if not sys.stdin.readline():
        return 0
    from bot.cli import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
