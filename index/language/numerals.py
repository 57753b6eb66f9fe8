"""Numerals as newspapers write them → amounts: "10,000", "ten thousand", "a half-million", "$3bn".

Only the figure itself; what is counted, and whether it counts anything at all, is for
``index.language.values`` to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_SMALL = {
    word: float(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
        " fifteen sixteen seventeen eighteen nineteen".split()
    )
} | {
    word: 10.0 * number
    for number, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
_SCALES = {
    "dozen": 12.0,
    "hundred": 1e2,
    "thousand": 1e3,
    "k": 1e3,
    "million": 1e6,
    "m": 1e6,
    "mn": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "b": 1e9,
    "trillion": 1e12,
    "tn": 1e12,
}
_PARTS = {
    "half": 1 / 2,
    "third": 1 / 3,
    "quarter": 1 / 4,
    "fifth": 1 / 5,
    "tenth": 1 / 10,
}
_MANY = ("tens", "dozens", "hundreds", "thousands", "millions", "billions")
_CURRENCIES = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "₹": "rupee"}

# Every repetition below is bounded, so that no text can make the search slow.
_S = r"[\s\xa0]{1,2}"
_WORD = "|".join(sorted(_SMALL, key=len, reverse=True))
_SCALE = "hundred|thousand|million|billion|trillion|dozen"
_DIGITS = r"\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,9})?|\d{1,18}(?:\.\d{1,9})?"
_NUMERAL = re.compile(
    rf"""
    (?P<currency>(?:(?<!\w)(?:US|A|C|NZ|HK|S))?[$€£¥₹])[\s\xa0]?
        (?:{_DIGITS})(?:(?:[\s\xa0]|-)?(?:{_SCALE}|bn|tn|mn|[kmb])\b)?
    |(?<![\w.,:/$€£¥₹])(?<![^\W\d]-)(?:{_DIGITS})
        (?:(?:[\s\xa0]|-)(?:{_SCALE})s?\b|(?:bn|tn|k)\b|(?:[\s\xa0]?(?:dozen|bn|tn))\b)?
        (?P<sign>[\s\xa0]?%|[\s\xa0]per[\s\xa0]?cent\b
            |[\s\xa0]?°[\s\xa0]?[CF]?\b|(?:km|kg|cm|mm|mph|kph|m|g|ft|lb|kW|MW|GW)s?\b)?
        (?![\w/]|[.,:]\d)
    |\b(?:
        (?:an?{_S})?half[\s-](?:an?{_S})?(?:{_SCALE})
        |(?:an?{_S})?quarter(?:[\s-]|{_S}of{_S}an?{_S})(?:{_SCALE})
        |an?{_S}(?:couple(?:{_S}of)?(?:{_S}(?:{_SCALE}))?|{_SCALE})
        |(?:{_WORD}|an?)(?:[\s-](?:thirds?|quarters?|fifths?|tenths?)(?={_S}of\b)
            |(?<=[^a\W])[\s-](?:thirds|quarters|fifths|tenths))
        |(?:{_WORD})(?:[\s-](?:{_WORD}|{_SCALE})|{_S}and{_S}a{_S}half\b
            |(?:(?<=hundred)|(?<=thousand)){_S}and{_S}(?:{_WORD})\b){{0,8}}
        |half(?={_S}(?:of|the|its|their|all)\b)
        |(?P<vague>(?:(?:tens|dozens|hundreds|thousands|millions|billions)(?:{_S}of{_S}
            (?=thousands|millions|billions))?){{1,2}}
            |(?:several|an?{_S}few){_S}(?:{_SCALE}))
    )(?P<percent>{_S}per[\s\xa0]?cent\b)?\b(?!['’-]?(?:fold|ness)\b)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_START = re.compile(r"(?:(?:US|A|C|NZ|HK|S)?[$€£¥₹][\s\xa0]?)?([^\W_]+)")
_LETTERS = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")
_TELLING = frozenset([*_SMALL, *_SCALES, *_PARTS, "couple", *_MANY])
_OPENING = frozenset([*_SMALL, "a", "an", "half", "quarter", "several", *_MANY])
_REACH = 4
# Where a sentence, a quotation or a heading's part starts: there any word has a capital.
_OPENS = re.compile(r"(?:\A|[.!?:;—–•*\n]|--|[“\"‘'(\[])[\s\xa0]{0,2}[“\"‘'(\[]?$")
# "Seven Sisters is a range of hills", but "Two Spaniards were hurt".
_NAMED_SISTERS = re.compile(
    r"(?:[\s\xa0][A-Z][\w'’-]*){1,4}[\s\xa0](?:is|was|has|says|said|will|opened|closed|lies)\b"
)
_TOKEN = re.compile(r"\d+(?:\.\d+)?|[a-z]+")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A figure where it stands: ``text[start:end]``.

    ``amount`` is None when it is vague ("dozens"); ``unit`` is what the figure itself says it
    counts ("percent", "dollar", "km"), or empty; ``scaled`` tells that it ends in a scale word.
    """

    start: int
    end: int
    amount: float | None
    unit: str = ""
    scaled: float = 1.0


def find_numerals(text: str) -> list[Numeral]:
    """Every numeral of ``text`` in order; designations and years are among them."""
    if not _DIGIT.search(text) and _TELLING.isdisjoint(_LETTERS.findall(text.lower())):
        return []
    numerals: list[Numeral] = []
    end = 0
    for start in _START.finditer(text):
        if start.start() < end or not (start[1][0].isdigit() or start[1].lower() in _OPENING):
            continue
        if not start[1][0].isdigit() and _is_named(text, start):
            continue
        if match := _NUMERAL.match(text, start.start()):
            numerals.append(_numeral(match))
            end = match.end()
    return numerals


def _is_named(text: str, word: re.Match[str]) -> bool:
    """Whether a number word is part of a compound or of a name: "twenty-one", "Pier Nine"."""
    start = word.start()
    if start and text[start - 1] == "-":
        return True
    if not word[1][0].isupper() or word[1].isupper():
        return False
    if _OPENS.search(text, max(0, start - _REACH), start):
        return bool(_NAMED_SISTERS.match(text, word.end()))
    return True


def _numeral(match: re.Match[str]) -> Numeral:
    currency, sign = match["currency"], match["sign"]
    figure = match.group().removesuffix(sign or "")
    amount, scaled = (None, 1.0) if match["vague"] else read_amount(figure)
    unit = _CURRENCIES[currency[-1]] if currency else _sign_unit(sign or match["percent"] or "")
    return Numeral(match.start(), match.end(), amount, unit, scaled)


def _sign_unit(sign: str) -> str:
    bare = sign.strip()
    if bare == "%" or bare.startswith("per"):
        return "percent"
    return "degree" if bare.startswith("°") else bare.lower()


def read_amount(figure: str) -> tuple[float, float]:
    """The amount a figure stands for, and the last scale word's worth (1 without one)."""
    total, current, scaled = 0.0, 0.0, 1.0
    for word in _TOKEN.findall(figure.lower().replace(",", "")):
        single = word.removesuffix("s")
        if word[0].isdigit():
            current += float(word)
        elif word in _SMALL:
            current += _SMALL[word]
        elif word == "couple":
            current += 2
        elif single in _PARTS:
            current = current + 0.5 if single == "half" else (current or 1) * _PARTS[single]
        elif single in _SCALES:
            scaled = _SCALES[single]
            current = (current or 1) * scaled
            if scaled >= _SCALES["thousand"]:
                total, current = total + current, 0.0
    return total + current, scaled
