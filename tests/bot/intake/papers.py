"""PDFs for tests, written by hand: a page is a list of lines."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from tests.bot.intake.texts import STORY


def make_pdf(pages: Sequence[Sequence[str]], *, title: str = "", packed: bool = False) -> bytes:
    """Write a PDF in which every line is set by itself, as word processors do it."""
    streams = [_stream(lines, packed=packed) for lines in pages]
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for number, stream in enumerate(streams):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * number)
        )
        objects.append(stream)
    objects.append(b"<< /Title (" + _escape(title) + b") >>")
    return join_objects(objects)


def join_objects(objects: Sequence[bytes]) -> bytes:
    """Write objects, numbered from 1, and the table of where they are; the last is the info."""
    written, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    size = b"trailer << /Size %d /Root 1 0 R /Info %d 0 R >>\n" % (len(objects) + 1, len(objects))
    return written + head + table + size + b"startxref\n%d\n%%%%EOF\n" % len(written)


def _escape(text: str) -> bytes:
    plain = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return plain.encode("cp1252", "replace")


def _stream(lines: Sequence[str], *, packed: bool) -> bytes:
    shown = b"".join(b"(" + _escape(line) + b") Tj T*\n" for line in lines)
    content = b"BT /F1 11 Tf 14 TL 60 740 Td\n" + shown + b"ET"
    if not packed:
        return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content)
    content = zlib.compress(content)
    return b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(content), content)


def wrap(paragraphs: Sequence[str], width: int = 92) -> list[str]:
    """Set paragraphs in lines, the last of each being shorter, without blank lines between."""
    lines: list[str] = []
    for paragraph in paragraphs:
        line = ""
        for word in paragraph.split():
            if len(line) + len(word) >= width:
                lines.append(line)
                line = ""
            line = f"{line} {word}".strip()
        lines.append(line)
    return lines


def story_pdf() -> bytes:
    """The usual story as a PDF of one page."""
    return make_pdf([[STORY.title, "By Ines Carrow", "", *wrap(STORY.paragraphs)]])
