"""Lines → the names under which a page appears: its masthead, a section, who owns the rights.

A name is only a shape: few words, all with capitals. Whether it is the outlet's, other parts of
the page must confirm.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.pages import notices, signs

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# In words.
LONGEST_NAME = 6
# So many of the names on a page are considered.
MOST_NAMES = 10
# The text has set in where a sentence has as many words.
SURE_WORDS = 12

_SEPARATOR = re.compile(r"\s{3,}|\t+|\s+[|•·–—]\s+|\s+-{1,2}\s+")
_SMALL = frozenset("a and at by de del der des di du for in la le los of on the to und & y".split())
_WORD = re.compile(r"[^\W_a-z][\w.’'&-]*\Z|&\Z")
# What makes a name the name of an outlet: the trade's own words.
_TRADE = re.compile(
    r"\b(?:Press|News|Newspaper|Times|Post|Journal|Tribune|Herald|Gazette|Agency|Agence|Radio|Observer"
    r"|Chronicle|Daily|Weekly|Media|Television|TV|Broadcasting|Telegraph|Courier|Dispatch|Inquirer"
    r"|Sentinel|Examiner|Register|Mail|Mirror|Standard|Independent|Globe|Star|Sun|Voice|Wire"
    r"|Bulletin|Reporter|Review|Magazine)\b"
)
_ACRONYM = re.compile(r"\A[A-Z]{2,5}\Z")
# Bodies that are told and asked things too, and are no outlets.
_NO_OUTLETS = frozenset(
    """
    UN EU NATO WHO IMF FBI CIA NSA NASA OPEC WTO ICC ICJ IAEA UNESCO UNICEF UNHCR ASEAN AU BRICS MP
    MPS PM US UK UAE USA DRC GOP DOJ DOD DHS EPA FDA CDC SEC FCC FAA FEMA ICE IRS NHS IDF PLO OSCE
    OECD ECB RSF NGO NGOS CEO CEOS UAW WFP ILO IOC FIFA UEFA NBA NFL
    """.split()
)
# What is added to a name where it stands for itself: "Radio Tarsk 101.7 FM".
_ADDED = re.compile(r"\d[\d.]*|FM|AM|TV|HD|News|Television|Online|Live|Digital", re.IGNORECASE)
_RIGHTS = re.compile(r"©|\([cC]\)|[oO][pP][yY][rR]")
_OWNER = re.compile(
    r"(?:©|\(c\)|\bcopyright\b)[\s©,]*(?:\(c\)\s*)?(?:\d{4}(?:\s*[–-]\s*\d{4})?\s*,?\s*)?"
    r"(?P<owner>[^\W\d][^.,|©()\n]{1,60}?)"
    r"(?:,?\s+(?:\d{4}|all rights\b.*|ltd|inc|llc|limited|plc|media group)\b.*|\s*[.,|(].*|\s*)\Z",
    re.IGNORECASE,
)
# What a paper says of itself, and hardly anybody of others.
_PUBLISHES = re.compile(
    r"\b(?:printed|published|delivered|distributed|comes? out|appears (?:on|every)|subscri\w+"
    r"|listeners?|viewers?|readers?|volunteers|newsroom|advertis\w+|donat\w+|paid for|funded by"
    r"|newsagents?|newsstands?|small ads|classifieds?|circulation|issues? a year"
    r"|membership|non-?profit|free of charge)\b",
    re.IGNORECASE,
)
_DOES = r"(?:said|has|had|is|was|will|asked|announced|leaders|members|allies|officials|lawmakers)\b"
_REPORTS = re.compile(r"\b(?:said|says|told|according|announced|percent)\b|[“”\"]")


def is_trade_name(name: str) -> bool:
    """Tell whether ``name`` bears a word or the initials that outlets call themselves by."""
    return _TRADE.search(name) is not None or (
        _ACRONYM.match(name) is not None and name not in _NO_OUTLETS
    )


def ends_in_trade(name: str) -> bool:
    """Tell whether ``name``, in either case, begins or ends as the names of outlets do."""
    words = name.title().removeprefix("The ").split()
    return any(_TRADE.fullmatch(word) for word in (words[0], words[-1]))


def split_line(line: str) -> list[str]:
    """Split a masthead's ``line`` where a wide gap or a separator parts it."""
    return [part.strip() for part in _SEPARATOR.split(line) if part.strip()]


def is_name(plain: str) -> bool:
    """Tell whether ``plain`` has the shape of a name."""
    words = plain.split()
    if not 0 < len(words) <= LONGEST_NAME or words[0] in _SMALL - {"the"}:
        return False
    named = all(word in _SMALL or (_WORD.match(word) and not word[0].islower()) for word in words)
    return named and signs.measure(plain).letters >= signs.FEWEST_LETTERS


def _is_title(plain: str) -> bool:
    return is_name(plain) and not notices.is_furniture(plain) and not signs.is_stamp(plain)


def acts(name: str, body: str) -> bool:
    """Tell whether ``name`` does things in the text, as outlets that only ask do not."""
    subject = rf"(?<!by )(?<!told )\b{re.escape(name)} (?:on \w+day |also )?"
    return re.search(subject + _DOES, body) is not None


def may_publish(name: str, body: str) -> bool:
    """Tell whether ``name`` may be the paper's own: one of the trade's, or idle in the text."""
    return ends_in_trade(name) or not acts(short_forms(name)[0], body)


def owner_of(line: str) -> str | None:
    """The name in a line that states whose rights the text is under, if there is one."""
    stated = len(line) <= signs.LONGEST_LINE and _RIGHTS.search(line)
    found = _OWNER.search(line) if stated else None
    owner = found.group("owner").strip() if found else ""
    return owner if is_name(owner) else None


def _sets_in(line: str) -> bool:
    """Tell whether ``line`` is surely running text."""
    return signs.measure(line).words >= SURE_WORDS and signs.is_sentence(line)


def find_names(lines: Iterable[str]) -> tuple[str, ...]:
    """The names above the text of a page, in order, and those of who owns the rights."""
    names: list[str] = []
    owners: list[str] = []
    above = True
    for line in lines:
        above = above and len(names) < MOST_NAMES and not _sets_in(line)
        if above and len(line) <= signs.LONGEST_LINE:
            names += filter(_is_title, split_line(line))
        owners += filter(None, [owner_of(line)])
    return tuple(dict.fromkeys([*names[:MOST_NAMES], *owners[:MOST_NAMES]]))


def short_forms(name: str) -> tuple[str, ...]:
    """How a text calls the outlet ``name``: without what was added to it, or by its last word."""
    words = name.split()
    bare = words[1:] if words[0].casefold() == "the" and len(words) > 1 else words
    while len(bare) > 2 and _ADDED.fullmatch(bare[-1]):  # noqa: PLR2004
        bare = bare[:-1]
    forms = [" ".join(bare)]
    if len(bare) > 1:
        forms.append(" ".join(bare[:2]) if bare[1].isdigit() else f"the {bare[-1]}")
    return tuple(forms)


def names_pattern(names: Sequence[str]) -> re.Pattern[str] | None:
    """A pattern of every form of ``names``, in either case; None if there are none."""
    forms = {form for name in names for form in short_forms(name)}
    if not forms:
        return None
    choice = "|".join(map(re.escape, sorted(forms, key=len, reverse=True)))
    return re.compile(rf"\b(?:the )?(?:{choice})\b", re.IGNORECASE)


def promotes(plain: str, names: re.Pattern[str]) -> bool:
    """Tell whether ``plain`` is what one of ``names`` says about itself as a publication."""
    first = names.match(plain.lstrip(" *_“\"'"))
    return (
        first is not None
        and _PUBLISHES.search(plain) is not None
        and _REPORTS.search(plain) is None
        and notices.presented_author(plain) is None
    )
