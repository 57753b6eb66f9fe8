"""What a line of a scraped page looks like: a sentence, a headline, a credit, a call to act.

The signs are general: how long a line is, how it ends, how much of it is letters and small
letters, whom it addresses. The word lists hold the vocabulary of web pages, never a page's text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

# A sentence of running text has at least this share of words that begin with a small letter;
# headlines in title case, credits and cries in capitals have less.
SMALL_LETTERS = 0.15
# Without a final stop, only a line this long is taken for running text.
LONG_WITHOUT_STOP = 20
# Bylines, links and labels, in characters, are no longer than this.
LONGEST_LINE = 200

_WORD = re.compile(r"[^\W_]+(?:[-'’.&][^\W_]+)*")
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_STOPPED = re.compile(r"[.!?…:;。！？؟।۔,](?:[\"'”’»)\]*_」』）]|\[\d+\])*\Z")
_QUOTED = re.compile(r"[\"“”„«»]")
# A button's name, not somebody's words.
_SHORT_QUOTE = re.compile(r"[“\"][^“”\"]{1,20}[”\"]")

_CREDIT = re.compile(
    r"\b(?:photo|photograph|photographer|image|picture|pic|handout|getty|courtesy|illustration)s?\b"
    r"|\bvia [A-Z]|\b[A-Z][\w.]{0,40}/[A-Z]|\w / [A-Z]|\bfile (?:photo|picture)\b|^FILE\b|^credit\b",
    re.IGNORECASE,
)
_CREDIT_BEHIND = re.compile(r"\s*(?:[(\[][^()\[\]]{1,120}[)\]]|(?<=[.!?]) [^.!?]{1,120})\W?\Z")
_MAKER = re.compile(
    r"\W*(?:photo|photograph|image|picture|illustration|credit|courtesy|handout)s?(?: by\b|:|/| \|)",
    re.IGNORECASE,
)
_SLASH_CREDIT = re.compile(r"\b[A-Z][\w.]{0,40}(?: [A-Z][\w.]{0,40}){0,5}\s?/\s?[A-Z][a-z]")
_CAPTION = re.compile(
    r"\bin this (?:\w+[ ,.]+){0,4}(?:file )?(?:photo|image|picture|frame|screen ?grab|handout)"
    r"|\bfile (?:photo|picture|image)\b|^FILE\b|\b(?:pictured|seen here)\b"
    r"|\((?:[^()]{0,60}[ /])?(?:photo|image|picture)s?\b[^()]{0,80}\)\W*\Z"
    r"|\b(?:photo|image|picture)s?(?: by|:| credit)|\bgetty images\b",
    re.IGNORECASE,
)
_WEB = re.compile(
    r"\S@\S|\b(?:e-?mailing|contact number|newsletters?|notifications?|cookies?|inbox|browser|javascript|subscri\w+|sign(?:ing)? up"
    r"|log ?in|sign in|account|apps?|download|podcasts?|follow us|share this|like us|facebook"
    r"|twitter|whatsapp|instagram|telegram channel|youtube|comments?|advert\w*|ad.?blocker|unlimited"
    r"|free trial|premium|click|tap|read more|breaking (?:news|stories)|alerts?|privacy|terms of"
    r"|donat\w+|journalism|membership|members?|e-?mails?|devices?|websites?|site|page|settings"
    r"|personali[sz]ed?|experience|gift|offers?|content|homepage|delivered|top stories|headlines)\b",
    re.IGNORECASE,
)
_CALLS = frozenset(
    """
    accept add allow become be browse buy check choose click comment continue create disable
    discover donate don't download email enable enter explore follow get give have help join learn
    leave let like listen log make manage never open please read register report save scroll see
    select send share sign skip start stay stream submit subscribe support swipe tap tell try turn
    unlock view visit vote want watch
    """.split()
)
_ADDRESS = re.compile(r"\b(?:you|your|yours|we|us|our)\b", re.IGNORECASE)
_REPORTED = re.compile(
    r"\b(?:said|says|told|according|announced|added|reported|warned|wrote|found|showed)\b"
)
_LEGAL = re.compile(
    r"©|\ball rights reserved\b|\bcopyright (?:\(c\) ?)?\d{4}|\(c\) \d{4}"
    r"|\b(?:agree|consent|subject|according) to\b.{0,80}\b(?:privacy policy|terms of|cookie policy)"
    r"|\bagree\b.{0,120}\b(?:privacy policy|terms of (?:use|service)|user agreement)\b"
    r"|\bmay not be (?:re)?(?:published|produced|broadcast|written|distributed|printed)",
    re.IGNORECASE,
)
_STORY = r"(?:story|article|post|piece|page|report|dispatch|copy|item)"
_ABOUT_ITSELF = re.compile(
    rf"\bthis (?:\w+ )?{_STORY} (?:has|was|is|will|had|may|first|originally|contains)(?: \w+){{0,2}} "
    r"(?:updated|corrected|amended|edited|published|translated|produced|developing|breaking|written"
    r"|provided|clarified|revised|appeared|affiliate|supported|funded|generated|paid|taken)\b"
    rf"|\bthis {_STORY} (?:\w+ )?appear(?:s|ed)\b|\bcontribut\w+ to (?:this|the) {_STORY}|\b(?:for|in|from|of|to) this {_STORY} (?:was|were|is|came"
    r"|are|has|have|comes|by)\b"
    r"|^\W*(?:additional |with )?(?:reporting|editing|writing|compiled|translated|text) by\b"
    rf"|^\W*with (?:files|reporting|reports|information) from\b|\bearlier version of this {_STORY}"
    r"|^\W*(?:editor|publisher)[’']?s?[’']? note\b|^\W*(?:correction|clarification)\s*[:(,]"
    r"|\b(?:reporters?|writers?|correspondents?|journalists?)\b[^.]{0,120}\bcontributed\b"
    r"|\bdeveloping story\b|\bcheck back for\b|^\W*attention editors?\b",
    re.IGNORECASE,
)
_ABOUT_AUTHOR = re.compile(
    r"(?P<name>(?:[A-Z][\w.’'-]+ ){2,4})(?:covers\b|writes (?:about|on|for)\b|(?:is|was) (?:an?|the|our)"
    r"\b[^.]{0,80}\b(?:reporter|correspondent|editor|journalist|columnist|writer|bureau chief)\b)"
)
# The furniture of a page: a line that is nothing else.
_FURNITURE = re.compile(
    r"^\W*(?:read(?: more| also| next| on| the full story)?|related(?: \w+)?|see (?:also|more)"
    r"|watch(?: now| more| live)?|listen(?: now)?|more (?:on|from|about|in|stories|news)\b.*"
    r"|also (?:read|on)|(?:most|editors?[’']?|must)[- ](?:read|popular|viewed|picks?)"
    r"|(?:recommended|trending|popular)(?: \w+)*|up next|what to read next|don[’']t miss.*"
    r"|you (?:may|might) (?:also )?(?:like|be interested).*|in case you missed it|tags?|topics?"
    r"|comments?(?: \(\d+\))?|\d+ (?:comments?|shares?|likes?|views?)|share(?: this.*)?"
    r"|follow(?: us.*)?|latest(?: news| stories| headlines)?|top stories|advert\w*(?: \w+)*"
    r"|sponsored.*|promoted.*|about the authors?|newsletters?|sign up.*|subscribe.*|live updates"
    r"|(?:photo )?gallery.*|photos?|videos?|audio|podcasts?|print|e-?mail|copy link|save|menu"
    r"|search|home|back to top|(?:next|previous)(?: article)?|loading|play|pause|close|skip.*"
    r"|breaking(?: news)?|live|updated?|exclusive|opinion|news|world|politics|sports?|business"
    r"|accept(?: all)?|reject all|no,? thanks|not now|sign in|log ?in|register|donate|cookie.*"
    r"|privacy.*|terms.*|contact(?: us)?|all rights reserved|article continues.*|story continues.*"
    r"|(?:this )?(?:article|story) continues.*|text size.*|font size.*|share on .*|tweet|whatsapp"
    r"|facebook|twitter|linkedin|reddit|instagram|telegram|youtube|x|sections?)\W*\Z",
    re.IGNORECASE,
)
# A label that leads to other pages, or to a picture's maker, before what it labels.
_LABEL = re.compile(
    r"^\W*(?:read (?:more|also|next)|related(?: \w+)?|see also|watch|listen|also read|up next"
    r"|more on this(?: story)?|don[’']t miss|tags?|topics?|filed under|share(?: this)?|photos?"
    r"|video|image|picture|credit|gallery|click here.*|sign up.*|subscribe.*)\s*[:|>»→]",
    re.IGNORECASE,
)
# What ends the article for good: other stories, readers' comments, the foot of the page.
_END = re.compile(
    r"^\W*(?:related(?: \w+){0,2}|more (?:from|on|in|stories|news)\b.*|(?:most|editors?[’']?|must)[- ]"
    r"(?:read|popular|viewed|picks?)|recommended(?: \w+)*|trending(?: \w+)*|popular(?: \w+)*|read next"
    r"|(?:join the )?(?:comments?|conversation|discussion)(?: \(\d+\))?|\d+ comments?|leave a (?:reply|comment)"
    r"|you (?:may|might) (?:also )?(?:like|be interested).*|what to read next|about the authors?"
    r"|sponsored.*|promoted.*|latest (?:news|stories|headlines)|top stories|(?:more )?stories for you"
    r"|around the web|from our partners)\W*\Z",
    re.IGNORECASE,
)
_STAMP_WORDS = re.compile(
    r"\b(?:first|last|published|posted|updated?|modified|created|on|at|by|the|of|and|date|time|am|pm"
    r"|a\.m|p\.m|ago|hours?|hrs?|minutes?|mins?|seconds?|secs?|days?|weeks?|months?|read(?:ing)?|min"
    r"|jan\w*|feb\w*|mar(?:ch)?|apr\w*|may|june?|july?|aug\w*|sept?\w*|oct\w*|nov\w*|dec\w*"
    r"|mon|tues?|wed|thur?s?|fri|sat|sun|\w+day|today|yesterday|[A-Z]{1,2}[SD]?T|GMT|UTC|local"
    r"|\d+(?:st|nd|rd|th)?|h|m|s)\b",
    re.IGNORECASE,
)
_NAME = r"(?:[A-Z][\w’'.-]*|de|van|von|der|al|bin|el|la|du)"
BYLINE = re.compile(
    rf"^\W*(?:by|words by|story by|written by|from)\W+{_NAME}(?: {_NAME}){{0,12}}(?:[,|–—-]\s.*)?\Z"
    rf"|^(?:[A-Z][\w’'.-]* ){{1,3}}[A-Z][\w’'.-]*(?:(?:,| and| And| &) (?:[A-Z][\w’'.-]* ?){{1,4}}){{0,4}}"
    rf", (?:The |the )?(?:[A-Z][\w’'.-]* ?){{1,4}}\Z",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """What can be counted on a line.

    ``words``: how many; ``small``: share of them that begin with a small letter (or a letter of a
    script without capitals); ``letters``: share of letters among the characters that are no space.
    """

    words: int
    small: float
    letters: float
    stopped: bool


@lru_cache(maxsize=4096)
def measure(plain: str) -> Shape:
    """Count what can be counted on the line ``plain``."""
    found = _WORD.findall(plain)
    alphabetic = [word for word in found if word[0].isalpha()]
    small = sum(not word[0].isupper() for word in alphabetic)
    spaceless = len(_SPACELESS.findall(plain))
    solid = sum(not letter.isspace() for letter in plain)
    return Shape(
        words=len(found) + spaceless // 2,
        small=small / max(1, len(alphabetic)),
        letters=sum(map(str.isalpha, plain)) / max(1, solid),
        stopped=_STOPPED.search(plain) is not None,
    )


def is_sentence(plain: str, *, relaxed: bool = False) -> bool:
    """Tell whether ``plain`` is running text; ``relaxed`` asks neither for stops nor for case."""
    shape = measure(plain)
    if shape.words < 4 or shape.letters < 0.5:  # noqa: PLR2004 shorter ones need their context
        return False
    if relaxed:
        return shape.stopped or shape.words >= 6  # noqa: PLR2004
    if plain[-1] == "…" and shape.words < 8:  # noqa: PLR2004 "People are also reading…"
        return False
    if shape.stopped and plain[-1] not in ",;":
        return shape.small >= SMALL_LETTERS
    return shape.words >= LONG_WITHOUT_STOP and shape.small >= 2 * SMALL_LETTERS


def is_short_sentence(plain: str) -> bool:
    """Tell whether ``plain`` may be a sentence of one to three words ("He declined.")."""
    shape = measure(plain)
    return 0 < shape.words < 4 and shape.stopped and shape.letters >= 0.5 and plain[-1] not in ",;:"  # noqa: PLR2004


def is_stamp(plain: str) -> bool:
    """Tell whether ``plain`` is nothing but a date, a time, or how long ago or long it is."""
    if not any(map(str.isdigit, plain)):
        return False
    return _WORD.search(_STAMP_WORDS.sub("", plain)) is None


def is_credit(plain: str) -> bool:
    """Tell whether ``plain`` says who made a picture and little else."""
    plain = _before_credit(plain) or plain
    shape = measure(plain)
    if shape.words > 25 or _CREDIT.search(plain) is None:  # noqa: PLR2004
        return False
    if not shape.stopped or (_MAKER.match(plain) and shape.words <= 10):  # noqa: PLR2004
        return True
    return shape.small < (2 if _SLASH_CREDIT.search(plain) else 1) * SMALL_LETTERS


def _before_credit(plain: str) -> str | None:
    """The description of a picture before the credit behind it, in brackets or after a stop."""
    start = max(0, len(plain) - LONGEST_LINE)
    match = _CREDIT_BEHIND.search(plain, start)
    if match is None:
        return None
    rest = plain[: match.start()]
    shape = measure(rest)
    return rest if shape.words >= 6 and shape.small >= 2 * SMALL_LETTERS else None  # noqa: PLR2004


def is_caption(plain: str) -> bool:
    """Tell whether the running text ``plain`` describes a picture."""
    rest = _before_credit(plain)
    if rest is not None and is_credit(plain[len(rest) :].strip(" ()[]")):
        return True
    return _CAPTION.search(plain) is not None or _SLASH_CREDIT.search(plain[-160:]) is not None


def is_byline(plain: str) -> bool:
    """Tell whether ``plain`` names the authors."""
    return len(plain) <= LONGEST_LINE and BYLINE.match(plain) is not None  # noqa: PLR2004


def is_furniture(plain: str) -> bool:
    """Tell whether the line ``plain`` belongs to the page, not to the article."""
    if len(plain) > LONGEST_LINE or (is_sentence(plain) and plain[-1] in ".?!"):
        return False
    return _FURNITURE.match(plain) is not None


def is_labelled(plain: str) -> bool:
    """Tell whether ``plain`` leads to another page or names a picture's maker after a label."""
    return len(plain) <= LONGEST_LINE and _LABEL.match(plain) is not None


def ends_article(plain: str) -> bool:
    """Tell whether ``plain`` heads what comes after an article: other stories, comments."""
    return len(plain) <= 60 and _END.match(plain) is not None  # noqa: PLR2004


def addresses_reader(plain: str) -> bool:
    """Tell whether ``plain`` speaks to the reader outside any quotation."""
    if _quotes(plain) or _REPORTED.search(plain):
        return False
    return calls(plain) or _ADDRESS.search(plain) is not None


def calls(plain: str) -> bool:
    """Tell whether ``plain`` opens by telling the reader to do something."""
    first = _WORD.search(plain)
    return first is not None and first.group().lower() in _CALLS


def _quotes(plain: str) -> bool:
    return _QUOTED.search(_SHORT_QUOTE.sub("", plain)) is not None


def is_notice(plain: str) -> bool:
    """Tell whether the sentence ``plain`` is the page's own: a pitch, a licence, a note on itself."""
    if is_legal(plain):
        return True
    if is_about_itself(plain):
        return True
    return not _quotes(plain) and addresses_reader(plain) and _WEB.search(plain) is not None


def is_legal(plain: str) -> bool:
    """Tell whether ``plain`` states whose rights these are."""
    return _LEGAL.search(plain) is not None


def is_about_itself(plain: str) -> bool:
    """Tell whether ``plain`` is a note on the article: who helped, what was corrected."""
    match = _ABOUT_ITSELF.search(plain)
    return match is not None and (match.start() == 0 or not _quotes(plain))


def presented_author(plain: str) -> str | None:
    """The name of the author whom ``plain`` presents, if it does that."""
    match = _ABOUT_AUTHOR.match(plain)
    return match.group("name").strip() if match else None
