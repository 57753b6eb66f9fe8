"""Figures, dates and names in a sentence, and which of them a question asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from index.dates import find_dates, previous_word
from index.numerals import Numeral, find_numerals
from index.words import STOP_WORDS, terms

Kind = Literal["quantity", "date", "person", "place", "polarity"]
ValueKind = Literal["quantity", "date", "name"]


@dataclass(frozen=True, slots=True)
class Value:
    """A figure, date or name where it stands: ``text[start:end]``.

    ``lead`` is where its qualifier starts ("as many as"), ``tail`` where what it counts ends.
    ``amount`` is None for dates, names and vague figures ("dozens"); ``upper`` is the upper end of
    a range. ``unit`` holds the terms of what is counted ("north korean troop"), ``head`` the last
    of them. ``part`` tells that the figure counts a part of what was named before ("3,000 of
    them", "2,000 more").
    """

    kind: ValueKind
    start: int
    end: int
    amount: float | None = None
    upper: float | None = None
    unit: str = ""
    head: str = ""
    qualifier: str = ""
    lead: int = 0
    tail: int = 0
    part: bool = False


def find_values(text: str) -> tuple[Value, ...]:
    """Every figure, date and name of ``text``, in order of where they start."""
    dates = find_dates(text)
    numerals = [n for n in find_numerals(text) if not _overlaps(n.start, n.end, dates)]
    quantities = _quantities(text, numerals)
    taken = [*dates, *((value.start, value.end) for value in quantities)]
    values = [Value("date", start, end, lead=start, tail=end) for start, end in dates]
    values += quantities
    values += _names(text, sorted(taken))
    return tuple(sorted(values, key=lambda value: value.start))


def _overlaps(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return any(first < end and start < last for first, last in spans)


# --- Quantities -------------------------------------------------------------------------------

_QUALIFIER = re.compile(
    r"\b(?:as (?:many|much|few|little|high|low) as|(?:no |not |slightly |significantly |far )?"
    r"(?:more|less|fewer|greater|higher|lower) than|at (?:least|most)|up to|close to|well over"
    r"|well under|just (?:over|under|below|above)|upwards? of|(?:an )?estimated|(?:an )?additional"
    r"|about|around|roughly|approximately|approx\.|nearly|almost|over|under|above|below|some|only"
    r"|just|exactly|another|circa|virtually|probably|perhaps|maybe)"
    r"(?: (?:an estimated|about|around|some|at least|the))?[\s\xa0]$",
    re.IGNORECASE,
)
_REACH = 40  # characters before a figure in which its qualifier stands
_MORE = frozenset({"another", "additional", "an additional"})
_LESSENING = frozenset({"more", "other", "additional", "further", "extra"})
_NEXT = re.compile(
    r"(?P<gap>[\s\xa0-]|[\s\xa0][“\"‘'(])(?P<word>(?:[^\W\d_]\.){2,}|[^\W\d_]+(?:['’-][^\W\d_]+)*)"
)
_PARTITIVE = re.compile(
    r"[\s\xa0](?:of|from among|among)[\s\xa0](?:all )?(?P<whole>them|those|these|its|their|the|his|her|our|us|which|whom)\b"
)
_IRREGULAR = frozenset(
    "people men women children police personnel staff aircraft troops feet teeth mice fish sheep"
    " cattle crew data media dead wounded injured percent spacecraft offspring".split()
)
_UNIT_WORDS = 6
_DESIGNATORS = frozenset(
    "article chapter section no number nos room flight resolution route highway phase level grade"
    " version unit figure page volume episode season type class category stage step line gate"
    " platform channel model mark amendment rule clause paragraph appendix annex protocol title"
    " group pier lane exit apollo formula area district ward division union covid".split()
)
_BARE_DESIGNATION = 9999


def _quantities(text: str, numerals: list[Numeral]) -> list[Value]:
    values: list[Value] = []
    number = 0
    while number < len(numerals):
        numeral = numerals[number]
        following = numerals[number + 1] if number + 1 < len(numerals) else None
        ranged = following is not None and _is_range(text, numeral, following)
        last = following if ranged and following is not None else numeral
        value = _quantity(text, numeral, last)
        if value is not None:
            values.append(value)
        number += 2 if ranged else 1
    return values


def _is_range(text: str, first: Numeral, last: Numeral) -> bool:
    gap = text[first.end : last.start].replace("\xa0", " ")
    before = previous_word(text, first.start)
    if gap == " and ":
        return before == "between"
    return gap in {"-", "–", "—", " - ", " – "} or (gap in {" to ", " or "} and before != "from")


def _quantity(text: str, first: Numeral, last: Numeral) -> Value | None:
    amount, upper = first.amount, last.amount if last is not first else None
    if amount is not None and upper is not None:
        if first.scaled == 1.0 and amount * last.scaled <= upper:
            amount *= last.scaled
        upper = upper if upper > amount else None
    lead, qualifier = _qualifier(text, first.start)
    unit, tail, part = _unit(text, last)
    if not qualifier and not unit and _is_designation(text, first):
        return None
    if _is_designation(text, first, strict=True) or _is_idle_one(text, first, unit, part=part):
        return None
    return Value(
        "quantity",
        first.start,
        last.end,
        amount=amount,
        upper=upper,
        unit=" ".join(unit),
        head=unit[-1] if unit else "",
        qualifier=qualifier,
        lead=lead,
        tail=tail,
        part=part or qualifier in _MORE,
    )


def _qualifier(text: str, start: int) -> tuple[int, str]:
    floor = max(0, start - _REACH)
    match = _QUALIFIER.search(text[floor:start])
    if match is None:
        return start, ""
    return floor + match.start(), match.group().strip().lower()


def _is_designation(text: str, numeral: Numeral, *, strict: bool = False) -> bool:
    """Whether the number names something, as in "Article 5" or "Boeing 737"."""
    if numeral.unit or numeral.amount is None or numeral.amount > _BARE_DESIGNATION:
        return False
    if not text[numeral.start].isdigit() or "," in text[numeral.start : numeral.end]:
        return False
    match = _BEFORE.search(text, max(0, numeral.start - 24), numeral.start)
    if match is None:
        return text[numeral.start - 1 : numeral.start] == "#"
    word = match[1].lower()
    if word in _DESIGNATORS or (word == "world" and not strict):
        return not strict or match[1][0].isupper() or word in {"no", "number"}
    at_start = match.start() == 0 or text[match.start() - 2 : match.start()] in {". ", "? ", "! "}
    return not strict and match[1][0].isupper() and not at_start and word not in STOP_WORDS


_BEFORE = re.compile(r"([^\W\d_]+)(?:\.?[\s\xa0]|-)$")


def _is_idle_one(text: str, numeral: Numeral, unit: list[str], *, part: bool) -> bool:
    """Whether "one" is a pronoun, as in "no one" or "one of the most"."""
    if text[numeral.start : numeral.end].lower() != "one":
        return False
    return (
        part
        or not unit
        or previous_word(text, numeral.start) in {"no", "any", "every", "the", "this", "that"}
    )


def _unit(text: str, numeral: Numeral) -> tuple[list[str], int, bool]:
    """The terms of what is counted, where they end, and whether it is a part of a whole."""
    if numeral.unit == "percent" or (numeral.unit and text[numeral.start].isdigit()):
        return [numeral.unit], numeral.end, False
    if partitive := _PARTITIVE.match(text, numeral.end):
        counted, tail = _counted(text, partitive.end())
        return counted, tail, True
    if numeral.unit:
        return [numeral.unit], numeral.end, False
    position = numeral.end
    if of := _OF.match(text, position):
        position = of.end()
    match = _NEXT.match(text, position)
    more = match is not None and match["word"].lower() in _LESSENING
    counted, tail = _counted(text, match.end() if more and match else position)
    return counted, tail if counted else numeral.end, more


_OF = re.compile(r"[\s\xa0]of(?=[\s\xa0])")


def _counted(text: str, position: int) -> tuple[list[str], int]:
    """The noun phrase that starts at ``position``: up to its first plural noun, else one word."""
    words: list[tuple[str, int]] = []
    plural = False
    while len(words) < _UNIT_WORDS and (match := _NEXT.match(text, position)):
        word, joined = match["word"], match["gap"] == "-"
        if plural and not _is_plural(word):
            break
        if word.lower() in STOP_WORDS and not word.isupper():
            break
        position = match.end()
        words.append((word, position))
        plural = _is_plural(word)
        if joined:
            break
    if not plural and words:
        words = words[: 1 + next((n for n, (word, _) in enumerate(words) if word[0].islower()), 0)]
    return [term for word, _ in words for term in terms(word)], words[-1][1] if words else position


def _is_plural(word: str) -> bool:
    if word[0].isupper():
        return False
    return (
        word in _IRREGULAR
        or word.endswith("men")
        or (word[-1] == "s" and not word.endswith(("ss", "us", "is", "'s", "’s", "ous")))
    )


# --- Names ------------------------------------------------------------------------------------

_UPPER = "A-Z\u00c0-\u00d6\u00d8-\u00deĀĂĄĆČĎĐĒĖĘĚĞĠĢĪĮİĶĻŁŃŅŇŌŐŒŘŚŞŠŢŤŪŮŰŲŹŻŽȘȚ\u0391-\u03a9\u0410-\u042f"
_CAPITALISED = (
    rf"(?:(?:[{_UPPER}]\.-?){{1,5}}(?:[{_UPPER}](?![^\W_]))?"
    rf"|(?:Mr|Mrs|Ms|Dr|Gen|Maj|Lt|Col|Sgt|Capt|Adm|Sen|Rep|Gov|St|Prof|Rev|Jr|Sr)\."
    rf"|[{_UPPER}](?:[^\W_]|['’](?!s\b)(?=[^\W_])|[-‑&](?=[^\W_]))*)"
)
_NAME = re.compile(
    rf"(?<![\w'’-]){_CAPITALISED}"
    rf"(?:[\s\xa0](?:(?:of|de|van|der|von|bin|ibn|al|du|la|le|del|di|da|dos|of[\s\xa0]the|for)[\s\xa0])?"
    rf"{_CAPITALISED}(?![^\W_])){{0,9}}"
)
_NOT_NAMES = STOP_WORDS | frozenset(
    "according also although another asked meanwhile however since last next earlier later two three"
    " one four five six seven eight nine ten hundreds thousands dozens many several some still yet"
    " already today yesterday yes despite officials people police both either neither since whether"
    " though because while let may might thus therefore then there instead perhaps among within"
    " without like even every early late nearly almost around across following based given first"
    " second third finally additionally originally subsequently currently recently".split()
)


def _names(text: str, taken: list[tuple[int, int]]) -> list[Value]:
    return [
        Value("name", first, end, lead=first, tail=end)
        for match in _NAME.finditer(text)
        for start, end in _free(match.start(), match.end(), taken)
        if (first := _skip_function_word(text, start, end)) < end
    ]


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
        match = _FIRST.match(text, start, end)
        if match is None:
            return start if text[start].isalpha() else end
        if match[1].lower() not in _NOT_NAMES or (len(match[1]) > 1 and match[1].isupper()):
            return start
        start = match.end()
    return end


_FIRST = re.compile(r"([^\W\d_]+)(?![.'’&-]?\w)[\s\xa0]*")


# --- What a question asks for -----------------------------------------------------------------

_AMOUNTS = (
    r"(?:percentage|percent|per cent|number|amount|price|share|proportion|fraction|total|population"
    r"|cost|size|length|height|depth|width|weight|distance|speed|rate|toll|age|temperature|salary"
    r"|sum|budget|turnout|ratio|area|altitude|elevation|magnitude|value|capacity|quantity|density)"
)
_TIMES = r"(?:year|month|date|day|week|weekday|century|decade|time|season)s?"
_PEOPLE = (
    r"(?:person|people|man|woman|president|minister|prime minister|leader|official|author|writer"
    r"|actor|actress|singer|artist|player|general|king|queen|emperor|scientist|politician|senator"
    r"|governor|mayor|director|coach|spokesman|spokeswoman|spokesperson|ambassador|judge)s?"
)
_PLACES = (
    r"(?:country|countries|city|cities|state|region|town|village|continent|county|counties|province"
    r"|place|location|island|district|capital|nation|territory|territories|area|port|street"
    r"|neighborhood|neighbourhood|airport|building|venue|stadium|oblast)s?"
)
_MEASURES = (
    r"many|much|far|long|old|tall|big|large|high|deep|wide|fast|heavy|often|frequently|hot|cold"
    r"|young|close|near|thick|expensive|strong|small|low"
)
_CUE = re.compile(
    r"\b(?:how|when|what|which|who|whose|whom|where|why)(?:(?:['’]s|['’]re|s)\b)?", re.IGNORECASE
)
_KINDS: tuple[tuple[re.Pattern[str], Kind | None], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (rf"how (?:{_MEASURES})\b", "quantity"),
        (r"(?:when|what time)\b", "date"),
        (r"(?:who|whose|whom)\b|who['’]?s\b", "person"),
        (r"where\b|where['’]s", "place"),
        (rf"(?:what|which)(?:['’]s)? (?:\w+ ){{0,2}}{_AMOUNTS}\b", "quantity"),
        (
            rf"(?:what|which)(?:['’]s)? (?:(?:is|was|are|were) (?:the )?)?(?:exact |calendar )?{_TIMES}\b",
            "date",
        ),
        (rf"(?:what|which)(?:['’]s)? (?:\w+ )?{_PEOPLE} ", "person"),
        (rf"(?:what|which)(?:['’]s)? (?:\w+ )?{_PLACES}\b", "place"),
    )
)
_POLAR = re.compile(
    r"(?:did|has|have|had|is|are|am|was|were|does|do|can|could|will|would|should|may|might|must"
    r"|isn|aren|wasn|weren|didn|doesn|don|hasn|haven|won)\b",
    re.IGNORECASE,
)
_ASKING = re.compile(
    r"(?:(?:can|could|would|will|do|does|did)\b.{0,40}?\b(?:tell|know|say|explain|show|find)\b"
    r"|(?:please )?tell\b).{0,40}?(?=\b(?:how|when|what|which|who|whose|whom|where|why)\b)",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[^,]{1,120},\s+(?:and |but |so )?", re.IGNORECASE)


def expected_kind(question: str) -> Kind | None:
    """What would answer the question: a figure, a date, a person, a place, a yes or no, or None."""
    asked = question.strip().lstrip("\"'“‘¿ ")
    asked = asked[asking.end() :] if (asking := _ASKING.match(asked)) else asked
    asked = _without_clause(asked)
    if _POLAR.match(asked):
        return "polarity"
    for cue in _cues(asked):
        for pattern, kind in _KINDS:
            if pattern.match(asked, cue):
                return kind
        return None
    return None


def _without_clause(asked: str) -> str:
    """The question without a leading clause, "In 2024," or "When the war ended,"."""
    clause = _CLAUSE.match(asked)
    if clause is None:
        return asked
    rest = asked[clause.end() :]
    return rest if _CUE.match(rest) or _POLAR.match(rest) else asked


def _cues(asked: str) -> list[int]:
    """Where question words stand, those that open a clause first."""
    found = [match.start() for match in _CUE.finditer(asked)]
    return sorted(found, key=lambda start: (not _opens(asked, start), start))


def _opens(asked: str, start: int) -> bool:
    before = asked[:start].rstrip().lower()
    return not before or before.endswith(",") or before.split()[-1] in _OPENERS


_OPENERS = frozenset(
    "in on at by to for from of since until with about during and but so under after before into"
    " through approximately roughly".split()
)
