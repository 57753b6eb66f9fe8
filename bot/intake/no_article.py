"""A page and what was found on it → why it is no article: a stub, a wall, a list, an error.

A stub that was saved would answer questions as if it were the whole; a line is better.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from bot.intake.draft import NO_ARTICLE, tidy
from index.pages import notices, signs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.intake.facts import Facts

# In words: no article is shorter; what is shorter than the second may be the teaser of one.
SHORTEST, SHORTEST_BEHIND_WALL = 40, 250
# A paragraph of an article, in words; so many linked headlines make a list of stories.
LONG, MANY_LINKS = 20, 5
LONGEST_ERROR = 150
LONGEST_PITCH = 25

PAID = f"{NO_ARTICLE} (it may be behind a paywall)"
LISTED = f"{NO_ARTICLE} (it seems to be a list of stories: give the address of one)"
CONSENT = f"{NO_ARTICLE} (it may only appear once cookies are accepted)"
MISSING = f"{NO_ARTICLE} (it says that the page does not exist or cannot be shown)"
TOO_SHORT = f"{NO_ARTICLE} (there is too little text on it)"
SCRIPTED = f"{NO_ARTICLE} (it may only appear with JavaScript)"

_PAYWALL = re.compile(
    r"\b(?:subscribe|register|sign (?:in|up)|log ?in|upgrade) (?:now |today |here )?"
    r"(?:to|and) (?:continue|keep|read|unlock|finish|get (?:full|unlimited))"
    r"|\b(?:to|and) (?:continue|keep) reading\b"
    r"|\bfor subscribers only\b|\bsubscriber[- ]only\b|\bexclusive(?:ly)? (?:to|for) subscribers"
    r"|\bread the (?:full|whole) (?:story|article) with\b"
    r"|\b(?:rest|remainder) of (?:this|the) (?:story|article)\b"
    r"|\bbecome an? (?:\w+ )?(?:subscriber|member) to (?:continue|keep|read|unlock)\b"
    r"|\bthis (?:article|story) is (?:only )?for (?:subscribers|members)"
    r"|\bunlock (?:this|the) (?:article|story)\b"
    r"|weiterlesen mit|jetzt weiterlesen|(?:abo|abonnement) (?:abschließen|testen)"
    r"|nur für abonnent|réservé aux abonnés|abonnez-vous pour|la suite est réservée"
    r"|suscríbe\w* para|solo para suscriptores|лише для передплатників|оформіть передплату"
    r"|только для подписчиков|per leggere (?:l'articolo|tutto)",
    re.IGNORECASE,
)
_METER = re.compile(
    r"\bfree (?:articles?|stor(?:y|ies)) (?:left|remaining)\b|\b(?:left|remaining) of your free\b",
    re.IGNORECASE,
)
_WALL_CLASS = re.compile(
    r"paywall|piano-|subscriber-?only|metered|regwall|premium-(?:wall|content)"
)
_COOKIES = re.compile(
    r"cookie|consent|datenschutz|einwilligung|согласие|файли cookie", re.IGNORECASE
)
_ERROR = re.compile(
    r"\b(?:404|403|410|429|50[0234])\b|not found|no longer (?:available|exists?)|access denied"
    r"|forbidden|page (?:missing|unavailable)|something went wrong|are you a (?:robot|human)"
    r"|just a moment|attention required|verify you are|unusual traffic|captcha"
    r"|nicht gefunden|existiert nicht|не знайдено|не найдена|introuvable|no encontrada",
    re.IGNORECASE,
)


def why_no_article(tree: Any, facts: Facts, paragraphs: Sequence[str]) -> str | None:  # noqa: ANN401
    """Say why the page holds no article, or None where ``paragraphs`` are one."""
    texts = [text for text in paragraphs if not text.startswith("## ") and _is_own(text)]
    words = sum(map(count_words, texts))
    if words < LONGEST_ERROR and _is_error(tree):
        return MISSING
    if words < SHORTEST_BEHIND_WALL and _is_paid(tree, facts):
        return PAID
    if words < LONGEST_ERROR and not facts.is_article and _asks_consent(tree):
        return CONSENT
    if not facts.is_article and _is_list(tree, texts):
        return LISTED
    if words < SHORTEST:
        return SCRIPTED if words == 0 and tree.xpath("//script") else TOO_SHORT
    return None


def count_words(text: str) -> int:
    """Count the words of ``text``, also where the script has no spaces."""
    return signs.measure(text).words


def is_pitch(text: str) -> bool:
    """Tell whether a short paragraph asks to pay or log in for more."""
    return count_words(text) <= LONGEST_PITCH and _PAYWALL.search(text) is not None


def _is_own(text: str) -> bool:
    """Tell whether the paragraph is not the page's: a pitch, a label, a copyright line."""
    return not (notices.is_notice(text) or notices.is_furniture(text) or _PAYWALL.search(text))


def _shown(tree: Any) -> str:  # noqa: ANN401
    """What the page shows, without its scripts."""
    return tidy(
        " ".join(tree.xpath("//body//text()[not(ancestor::script or ancestor::style)]"))[:200_000]
    )


def _is_error(tree: Any) -> bool:  # noqa: ANN401
    heads = tree.xpath("//head/title|//h1|//h2[not(//h1)]")
    return any(_ERROR.search(tidy(head.text_content())[:200]) for head in heads)


def _is_paid(tree: Any, facts: Facts) -> bool:  # noqa: ANN401
    shown = _shown(tree)
    if not facts.is_free or _PAYWALL.search(shown):
        return True
    if _METER.search(shown):
        return False
    classes = tree.xpath("//body//@class|//body//@id")
    return any(_WALL_CLASS.search(name.lower()) for name in classes)


def _asks_consent(tree: Any) -> bool:  # noqa: ANN401
    shown = _shown(tree)
    return len(_COOKIES.findall(shown)) * 60 > count_words(shown) > 0


def _is_list(tree: Any, texts: Sequence[str]) -> bool:  # noqa: ANN401
    """Tell whether the page lists stories: linked headlines, and less text than headlines."""
    linked = tree.xpath(
        "//body//*[self::h1 or self::h2 or self::h3 or self::h4][.//a[@href] or ancestor::a[@href]]"
        "[not(ancestor::aside or ancestor::nav or ancestor::footer)]"
    )
    long = [text for text in texts if count_words(text) >= LONG]
    return len(linked) >= MANY_LINKS and len(linked) >= len(long)
