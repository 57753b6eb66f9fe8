"""What on a page speaks of the page: pitches, notes on the article, licences, furniture.

The lists hold the vocabulary that web pages of all outlets share. A word from them is one sign
among others: a real sentence may hold any of them.
"""

from __future__ import annotations

import re

from index.pages.signs import LONGEST_LINE, is_sentence, measure

# A short sentence that calls the reader to act, in words.
SHORT_CALL = 12
# "Related stories", in characters.
LONGEST_END = 60


def _any_of(before: str, lines: str, after: str) -> re.Pattern[str]:
    """The pattern of any line of ``lines`` between ``before`` and ``after``, in either case."""
    choice = "|".join(line.strip() for line in lines.strip().splitlines())
    return re.compile(f"{before}(?:{choice}){after}", re.IGNORECASE)


_QUOTED = re.compile(r"[\"“”„«»]")
# A button's name, not somebody's words.
_SHORT_QUOTE = re.compile(r"[“\"][^“”\"]{1,20}[”\"]")
_REPORTED = re.compile(
    r"\b(?:said|says|told|according|announced|added|reported|warned|wrote|found|showed)\b"
)
_ADDRESS = re.compile(r"\b(?:(?i:you|your|yours|we|our)|[Uu]s)\b")
# "Support for the plan is growing": no order, whatever its first word.
_STATES = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|can|could|fell|rose|came|went|did|does|\w{2,}ed)\b"
)
_CALLS = frozenset(
    """
    accept add advertise allow become be browse buy check choose click comment continue create
    disable discover donate don't download email enable enter explore follow get give have help join
    learn leave let like listen log make manage never open please read register report save scroll
    see select send share sign skip start stay stream submit subscribe support swipe tap tell try
    turn unlock view visit vote want watch
    """.split()
)
# What only web pages ask their readers about, and what they ask about as well as others do.
_WEB = _any_of(
    r"\S@\S|\b",
    r"""
    newsletters?
    (?:push )?notifications?
    cookies?
    inbox
    (?:web )?browser
    javascript
    subscri(?:be|bers?|ption|ptions)
    sign(?:ing)? (?:up|in)
    log ?in
    follow us
    share this
    like us
    ad.?blocker
    free trial
    unlimited (?:digital )?access
    click here
    read more
    breaking (?:news|stories)
    privacy (?:policy|settings)
    e-?mail address
    e-?mailing
    contact number
    whatsapp
    our (?:app|website|site|journalism|podcast)
    independent journalism
    comments? (?:section|below)
    top stories
    """,
    r"\b",
)
_OFTEN_WEB = _any_of(
    r"\b",
    r"""
    accounts?
    apps?
    download
    podcasts?
    facebook
    twitter
    instagram
    youtube
    comments?
    advert\w*
    premium
    alerts?
    donat\w+
    memberships?
    members?
    e-?mails?
    devices?
    (?:web)?sites?
    page
    settings
    typos?
    headlines
    """,
    r"\b",
)
_LEGAL = re.compile(
    r"©|\ball rights reserved\b|\bcopyright (?:\(c\) ?)?\d{4}|\(c\) \d{4}"
    r"|\b(?:agree|consent)\b.{0,120}\b(?:privacy|cookie|user agreement|terms of (?:use|service))"
    r"|\bmay not be (?:re)?(?:published|produced|broadcast|written|distributed|printed)",
    re.IGNORECASE,
)
_STORY = r"(?:story|article|post)"
_WRITERS = r"(?:reporter|writer|correspondent|journalist|editor|staff)s?"
_ABOUT_ITSELF = re.compile(
    rf"\bthis (?:\w+ )?(?:{_STORY}|report|page) (?:has|have|was|is|will|may)(?: \w+){{0,2}} "
    r"(?:updated|corrected|amended|clarified|revised|translated)\b"
    rf"|\bthis (?:\w+ )?{_STORY} (?:has|was|is|first|originally|may|contains)(?: \w+){{0,2}} "
    r"(?:edited|published|produced|developing|breaking|written|provided|appeared|affiliate|funded)\b"
    rf"|\bthis {_STORY} (?:\w+ )?appear(?:s|ed)\b"
    rf"|\bcontribut\w+ to (?:this|the) (?:{_STORY}|report)\W*\Z|\bcontributed to this\b"
    r"|\b(?:information|material|reporting|content|text) (?:\w+ )?(?:for|in|from) this "
    rf"(?:{_STORY}|report)\b"
    rf"|\b{_WRITERS}\b[^.]{{0,120}}\bcontributed(?: reporting\b| from [A-Z]|\W*\Z)"
    r"|\A\W*(?:additional |with )?(?:reporting|editing|writing|compiled|translated) by\b"
    r"|\A\W*(?:last )?(?:updates?|updated|corrects|corrected|adds|recasts) (?:with|to|at|on|details"
    r"|headline|paragraphs?|quotes?|background)\b"
    r"|\A\W*with (?:files|reporting|reports|information) from\b"
    rf"|\bearlier version of this (?:{_STORY}|report|headline|page)"
    r"|\A\W*(?:editor|publisher)[’']?s?[’']? note\b|\A\W*(?:correction|clarification)\s*[:(,]"
    r"|\Athis is a (?:developing|breaking)\b|\Acheck back\b|\A\W*attention editors?\b",
    re.IGNORECASE,
)
_ABOUT_AUTHOR = re.compile(
    r"(?P<name>(?:[A-Z][\w.’'-]+ ){2,4})"
    r"(?:covers\b|writes (?:about|on|for)\b|(?:is|was) (?:an?|the|our)\b[^.]{0,80}"
    r"\b(?:reporter|correspondent|editor|journalist|columnist|writer|bureau chief)\b)"
)
# The furniture of a page: a line that is nothing else.
_FURNITURE = _any_of(
    r"\W*",
    r"""
    read(?: more| also| next| on| the full story)?
    related(?: \w+)?
    see (?:also|more)
    watch(?: now| more| live)?
    listen(?: now| to this article)?
    more (?:on|from|about|stories|news)\b.*
    also (?:read|on)
    (?:most|editors?[’']?|must)[- ](?:read|popular|viewed|picks?)
    (?:recommended|trending|popular)(?: \w+)*
    up next
    what to read next
    don[’']t miss.*
    you (?:may|might) (?:also )?(?:like|be interested).*
    in case you missed it
    (?:key ?words?|tags?|topics?|filed under|sections?)(?:: .*)?
    comments?(?: \(\d+\))?
    \d+ (?:comments?|shares?|likes?|views?)
    share(?: this.*| on .*)?
    follow(?: us.*)?
    latest(?: news| stories| headlines)?
    top stories
    advert\w*(?: \w+)*
    (?:sponsored|promoted).*
    about the authors?
    newsletters?
    (?:sign up|subscribe|cookie|privacy|terms|skip).*
    live updates
    (?:photo )?gallery.*
    photos?|videos?|audio|podcasts?|image source.*
    print|e-?mail|copy link|save|menu|search|home|back to top
    (?:next|previous)(?: article)?
    loading|play|pause|close|mute|fullscreen|settings
    breaking(?: news)?|live|updated?|exclusive
    opinion|news|world|politics|sports?|business
    accept(?: all)?|reject all|no,? thanks|not now|sign in|log ?in|register|donate
    contact(?: us)?
    all rights reserved
    (?:this )?(?:article|story) continues.*
    (?:text|font) size.*
    tweet|whatsapp|facebook|twitter|linkedin|reddit|instagram|telegram|youtube|x
    """,
    r"\W*\Z",
)
# A label that leads to other pages, or to a picture's maker, before what it labels.
_LABEL = _any_of(
    r"\W*",
    r"""
    read (?:more|also|next)
    related(?: \w+)?
    see also|also read|(?:up|play) next|watch|listen|don[’']t miss
    (?:on air|now playing|coming up)(?: now| next)?
    more on this(?: story)?
    tags?|topics?|filed under|share(?: this)?
    photos?|video|image|picture|credit|gallery
    (?:click here|sign up|subscribe).*
    """,
    r"\s*[:|>»→]",
)
# What ends the article for good: other stories, readers' comments, the foot of the page.
_END = _any_of(
    r"\W*",
    r"""
    related(?: \w+){0,2}
    more (?:from|stories|news)\b.*
    more on this(?: story| topic)?
    (?:most|editors?[’']?|must)[- ](?:read|popular|viewed|picks?)
    (?:recommended|trending|popular)(?: \w+){0,3}
    (?:what to )?read next
    (?:join the )?(?:comments?|conversation|discussion)(?: \(\d+\))?
    \d+ comments?
    leave a (?:reply|comment)
    you (?:may|might) (?:also )?(?:like|be interested).*
    about the authors?
    (?:sponsored|promoted).*
    latest (?:news|stories|headlines)
    top stories|(?:more )?stories for you|around the web|from our partners
    """,
    r"\W*\Z",
)


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
    return len(plain) <= LONGEST_END and _END.match(plain) is not None


def _quotes(plain: str) -> bool:
    return _QUOTED.search(_SHORT_QUOTE.sub("", plain)) is not None


def _calls(plain: str) -> bool:
    """Tell whether ``plain`` opens by telling the reader to do something."""
    first = re.search(r"[\w'’]+", plain)
    return first is not None and first.group().lower() in _CALLS


def addresses_reader(plain: str) -> bool:
    """Tell whether ``plain`` speaks to the reader, outside any quotation or report."""
    if _quotes(plain) or _REPORTED.search(plain):
        return False
    return _calls(plain) or _ADDRESS.search(plain) is not None


def calls_reader(plain: str) -> bool:
    """Tell whether ``plain`` is short and tells the reader to do something."""
    states = _STATES.search(plain) is not None and _ADDRESS.search(plain) is None
    short = measure(plain).words <= SHORT_CALL and not states
    return short and addresses_reader(plain) and _calls(plain)


def is_legal(plain: str) -> bool:
    """Tell whether ``plain`` states whose rights these are."""
    return _LEGAL.search(plain) is not None


def is_about_itself(plain: str) -> bool:
    """Tell whether ``plain`` is a note on the article: who helped, what was corrected."""
    match = _ABOUT_ITSELF.search(plain)
    return match is not None and (match.start() == 0 or not _quotes(plain))


def is_notice(plain: str) -> bool:
    """Tell whether the sentence ``plain`` is the page's own: a pitch, a licence, a note."""
    if is_legal(plain) or is_about_itself(plain):
        return True
    if not addresses_reader(plain):
        return False
    if _WEB.search(plain):
        return True
    directly = _ADDRESS.search(plain) is not None or calls_reader(plain)
    return _calls(plain) and directly and _OFTEN_WEB.search(plain) is not None


def presented_author(plain: str) -> str | None:
    """The name of the author whom ``plain`` presents, if it does that."""
    match = _ABOUT_AUTHOR.match(plain)
    return match.group("name").strip() if match else None
