"""Names: runs of capitalised words, with the small words that join them ("Bank of England")."""

from __future__ import annotations

import re

from index.language.words import STOP_WORDS

_UPPER = (
    "A-Z\u00c0-\u00d6\u00d8-\u00de"
    "ĀĂĄĆČĎĐĒĖĘĚĞĠĢĪĮİĶĻŁŃŅŇŌŐŒŘŚŞŠŢŤŪŮŰŲŹŻŽȘȚ\u0391-\u03a9\u0410-\u042f"
)
_CAPITALISED = (
    rf"(?:(?:[{_UPPER}]\.-?){{1,5}}(?:[{_UPPER}](?![^\W_]))?"
    rf"|(?:Mr|Mrs|Ms|Dr|Gen|Maj|Lt|Col|Sgt|Capt|Adm|Sen|Rep|Gov|St|Prof|Rev|Jr|Sr)\."
    rf"|[{_UPPER}](?:[^\W_]|['’](?!s\b)(?=[^\W_])|[-‑&](?=[^\W_]))*)"
)
_NAME = re.compile(
    rf"(?<![\w'’-]){_CAPITALISED}"
    r"(?:[\s\xa0](?:(?:of|de|van|der|von|bin|ibn|al|du|la|le|del|di|da|dos|of[\s\xa0]the|for)"
    r"[\s\xa0])?"
    rf"{_CAPITALISED}(?![^\W_])){{0,9}}"
)
# A month is nobody, even where nothing says that it is a date.
_MONTHS = frozenset(
    "January February March April May June July August September October November December".split()
)
# Places in capitals, or any place before an agency in brackets, up to the dash.
_DATELINE = re.compile(
    rf"(?:[{_UPPER}]{{2,}}[{_UPPER} .'’-]{{0,40}}(?:,[^—–()\n]{{2,40}})?(?:\([^()]{{2,40}}\)\s?)?"
    rf"|[{_UPPER}][\w .'’-]{{1,40}}(?:,[^—–()\n]{{2,40}})?\([^()]{{2,40}}\)\s?)\s?(?:[—–]|--?\s)\s?"
)
_NOT_NAMES = STOP_WORDS | frozenset(
    "according also although another asked meanwhile however since last next earlier later two"
    " three one four five six seven eight nine ten hundreds thousands dozens many several some"
    " still yet already today yesterday yes despite officials people police both either neither"
    " since whether though because while let may might thus therefore then there instead perhaps"
    " among within without like even every early late nearly almost around across following based"
    " given first second third finally additionally originally subsequently currently"
    " recently".split()
)


def find_names(text: str, taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans of names in ``text``, in order; ``taken`` are spans of dates and figures."""
    return [
        (first, end)
        for match in _NAME.finditer(text)
        for start, end in (_free(*match.span(), taken) if taken else (match.span(),))
        if (first := _skip_function_word(text, start, end)) < end and text[first:end] not in _MONTHS
    ]


def find_dateline_end(text: str) -> int:
    """Where a dateline that opens ``text`` ends, "OSLO, Norway (Agency) — ", or 0."""
    match = _DATELINE.match(text)
    return match.end() if match else 0


def _free(start: int, end: int, taken: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is left of a run of capitalised words once dates and figures are taken out."""
    pieces = []
    for first, last in taken:
        if first < end and start < last:
            if start < first:
                pieces.append((start, first))
            start = max(start, last)
    if start < end:
        pieces.append((start, end))
    return pieces


def _skip_function_word(text: str, start: int, end: int) -> int:
    """Where the name starts once a leading function word ("The", "In") is left out."""
    while start < end:
        if text[start].isspace():
            start += 1
            continue
        match = _FIRST.match(text, start, end)
        if match is None:
            return start if text[start].isalpha() else end
        if match[1].lower() not in _NOT_NAMES or (len(match[1]) > 1 and match[1].isupper()):
            return start
        start = match.end()
    return end


_FIRST = re.compile(r"([^\W\d_]+)(?![.'’&-]?\w)[\s\xa0]*")
