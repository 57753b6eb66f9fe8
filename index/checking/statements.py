"""A message as people write it → the sentences in it that state something.

Mentions, links, emoji, code blocks and Markdown are no words. What is only asked, greeted, wished
or felt states nothing. Offsets stay those of the message as it was given.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.language.values import find_values
from index.language.words import STOP_WORDS, split_words
from index.split import split_sentences

# What stands in for a part that is taken out: a break between sentences, a space, or nothing.
_BREAK, _SPACE = "\n\n", " "

# Every repetition is bounded or possessive, so that no message can make the search slow.
_MARKUP = re.compile(
    r"(?P<block>```.*?(?:```|\Z))"
    r"|(?P<struck>~~[^~\n]{1,400}~~)"
    r"|(?P<mention><(?:@[!&]?|#|a?:\w{1,40}:|t:-?|/[^\n:>]{1,80}:|id:)\w{0,30}(?::\w)?>|@(?:everyone|here)\b)"
    r"|\[(?P<label>[^\[\]\n]{1,400})\]\(<?(?:https?://|mailto:)[^\s()]{1,2000}>?\)"
    r"|(?P<link><?\b(?:https?://|www\.)[^\s<>]++>?)"
    r"|(?P<lead>(?:\A|(?<=\n))[^\S\n]{0,8}(?:>{1,3}[^\S\n]|-?\#{1,3}[^\S\n]|[-*+•][^\S\n]|\d{1,2}[.)][^\S\n])"
    r"(?:[^\S\n]{0,8}(?:-?\#{1,3}|[-*+•])[^\S\n])?)"
    r"|(?P<emphasis>\*{1,3}|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)|\|\||`{1,2}|\\(?=[*_~`>|#]))"
    r"|(?P<emoji>[\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff\ufe0f\u200d\u20e3]++|:\w{2,40}:)"
    r"|(?P<line>[^\S\n]{0,40}\r?\n\s*+)",
    re.DOTALL,
)
_STOP_BEFORE = re.compile(r"[.!?…:;][\"'”’)\]]{0,2}$")
# Where somebody who writes without capitals begins a new sentence.
_SMALL_START = re.compile(r"(?:\b(?P<word>[^\W\d_]{3,})|\d|[)”\"%])[.!?]{1,3}\s(?P<first>[a-z])")
_ABBREVIATED = frozenset(
    "etc gen gov sen rep col sgt capt prof est approx min max inc ltd co".split()
)

_ASKS = re.compile(
    r"(?:(?:so|and|but|ok|okay|wait|hey|hi|guys|anyway|also|um+|hm+)[,\s]{1,3}){0,3}"
    r"(?:(?:who|what|when|where|why|how|which|whose)(?:['’]?s)?\s(?:is|are|was|were|do|does|did|has"
    r"|have|had|can|could|will|would|should|many|much|long|far|old|big|often|come|the\s(?:hell|fuck|heck))\b"
    r"|what['’]s\b|who['’]s\b|where['’]s\b|how['’]s\b"
    r"|(?:is|are|was|were|do|does|did|has|have|can|could|will|would|should|isn['’]?t|aren['’]?t|wasn['’]?t"
    r"|don['’]?t|doesn['’]?t|didn['’]?t|hasn['’]?t|won['’]?t)\s(?:you|anyone|anybody|someone|somebody"
    r"|they|it|he|she|we|there|this|that|the|these|those|any|i)\b"
    r"|(?:any(?:one|body)|some(?:one|body))\s(?:know|knows|got|have|has|seen|else|here)\b"
    r"|(?:please|pls|plz|tell|show|let|look|check|read|imagine|remember|stop|try|ask)\b)",
    re.IGNORECASE,
)
_WISHES = re.compile(
    r"\b(?:i|we)(?:['’]?(?:m|d|ve|ll|re))?\s(?:\w+\s){0,2}?(?:hope|wish|love|hate|like|feel|want|need|"
    r"wonder|doubt|agree|disagree|guess|bet|miss|trust)\b|\b(?:i['’]?m|i am|we['’]re|we are)\s",
    re.IGNORECASE,
)
_OUGHT = re.compile(r"\b(?:should|must|ought|deserves?|needs? to|better)\b", re.IGNORECASE)
_IDLE = frozenset(
    """
    lol lmao lmfao rofl omg wtf wow damn dang yeah yep yup yes nope nah ok okay k hi hey hello hiya
    yo sup morning afternoon evening night thanks thank thx ty cheers pls please plz sorry congrats
    welcome bye everyone everybody guys folks all lads mate bro dude man btw fyi imo imho tbh idk
    iirc afaik ngl smh fr rn tho though actually literally honestly seriously basically apparently
    reportedly obviously definitely probably maybe perhaps really quite pretty absolutely totally
    think thought guess believe heard hear read saw seems seem looks sure know knew well like also
    even still just anyway wild crazy insane mad nuts sad tragic terrible horrible awful disgusting
    shocking unbelievable incredible scary heartbreaking great good bad nice cool amazing awesome
    funny weird stupid shame shameful disgrace joke news thing things stuff lot way oh ah um hmm ugh
    source remember reminder true false fact correct wrong right exactly indeed agreed same this
    so got gonna wanna hope wish im ive id youre dont cant isnt
    """.split()
)

# Of so many words with a meaning at least must what states something be made.
_FEWEST_WORDS = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """A sentence that states something: ``text`` without markup, its place in the message."""

    text: str
    start: int
    end: int


def read_statements(message: str) -> tuple[Said, ...]:
    """The sentences of ``message`` that state something, in order."""
    plain, places = _strip(message)
    spans = split_sentences(_capitalise(plain), 0, len(plain))
    said = (
        Said(
            text=" ".join(plain[start:end].split()),
            start=places[start],
            end=places[end - 1] + 1,
        )
        for start, end in spans
    )
    return tuple(one for one in said if states_something(one.text))


def is_idle(word: str) -> bool:
    """Whether a word only fills a message: "lol", "actually", "I heard"."""
    return word.lower() in _IDLE


def states_something(sentence: str) -> bool:
    """Whether a sentence states something that an article could bear out."""
    if sentence.rstrip("\"'”’)* ").endswith("?") or _ASKS.match(sentence):
        return False
    words = [sentence[word.start : word.end].lower() for word in split_words(sentence)]
    telling = [word for word in words if word not in _IDLE and word not in STOP_WORDS]
    if len(telling) < _FEWEST_WORDS:
        return False
    if _WISHES.search(sentence) or _OUGHT.search(sentence):
        return any(value.start for value in find_values(sentence))
    return True


def _strip(message: str) -> tuple[str, list[int]]:
    """The message without markup, and for each character its place in the message."""
    kept: list[str] = []
    places: list[int] = []

    def keep(text: str, start: int) -> None:
        kept.append(text)
        places.extend(range(start, start + len(text)))

    def stand_in(text: str, start: int) -> None:
        kept.append(text)
        places.extend([start] * len(text))

    end = 0
    for match in _MARKUP.finditer(message):
        keep(message[end : match.start()], end)
        end = match.end()
        if match["label"]:
            keep(match["label"], match.start("label"))
        elif match.lastgroup in {"block", "lead"}:
            stand_in(_BREAK, match.start())
        elif match.lastgroup == "line":
            stand_in(_SPACE if _goes_on(message, match) else _BREAK, match.start())
        elif match.lastgroup != "emphasis":
            stand_in(_SPACE, match.start())
    keep(message[end:], end)
    return "".join(kept), places


def _goes_on(message: str, line: re.Match[str]) -> bool:
    """Whether a sentence goes on in the next line: a text that was pasted in short lines."""
    before = message[max(0, line.start() - 3) : line.start()]
    is_one_break = line.group().count("\n") == 1
    return is_one_break and not _STOP_BEFORE.search(before) and message[line.end() :][:1].islower()


def _capitalise(plain: str) -> str:
    """The text with a capital wherever a sentence seems to begin with a small letter."""
    letters = list(plain)
    for match in _SMALL_START.finditer(plain):
        if (match["word"] or "").lower() not in _ABBREVIATED:
            letters[match.start("first")] = match["first"].upper()
    return "".join(letters)
