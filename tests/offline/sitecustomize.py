"""Put on the path of a child process: refuses every reach for the network, and writes it down.

An audit hook cannot be taken off again, and it also sees attempts whose failure is swallowed.
"""  # noqa: INP001 - python looks for a file of this name by itself, so it is in no package

import os
import sys
from pathlib import Path

REACHES = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}


def refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event not in REACHES:
        return
    family = getattr(arguments[0], "family", None)
    if family is not None and family.name == "AF_UNIX":
        return
    with Path(os.environ["REACHES_LOG"]).open("a", encoding="utf-8") as log:
        log.write(f"{event} {arguments[1:]!r}\n")
    raise OSError("the network is off")


if "REACHES_LOG" in os.environ:
    sys.addaudithook(refuse)
