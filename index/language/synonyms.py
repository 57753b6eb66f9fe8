"""Words that say the same in a report, and words that say the opposite.

Vectors cannot tell the two apart: "rose" lies as near to "fell" as "halted" to "stopped". So what
may stand for what is written down, in words of any newsroom.
"""

from __future__ import annotations

import re
from functools import lru_cache

from index.language.events import events_of
from index.language.likeness import is_same
from index.language.words import terms

# Families, parted by semicolons.
_SYNONYMS = """
    go goes went gone; come comes came; run runs ran; eat eats ate eaten; teach teaches taught;
    lead leads led; pay pays paid; sit sits sat; stand stands stood; become becomes became; feel
    feels felt; keep keeps kept; draw draws drew drawn; lay lays laid; swear swears swore sworn;
    sing sings sang sung; wear wears wore worn; ride rides rode ridden; collapse collapses
    collapsed collapsing fail fails failed failure break broke broken burst gave breach breached
    rupture ruptured; stop stops stopped halt halted halting suspend suspended suspends pause
    paused ground grounded grounds; company firm business operator; boss chief head leader leads
    heads led chair chairman chairwoman chairperson; ceo executive; begin began begun start
    started starts launch launched; end ended ends finish finished; own owns owned belong
    belongs owner; employ employs employed employees staff workforce; big large huge giant; get
    gets got getting reach reached reaches arrive arrived; fall falls fell fallen drop drops
    dropped plunge plunged decline declined slump slumped tumble tumbled slide sank; rise rises
    rose risen climb climbed climbs jump jumped grow grew increase increased surge surged soar;
    ask asks asked request requested; move moved evacuate evacuated relocate relocated; carry
    carried take took taken bring brought transport transported flew fly; die died dead dying
    death deaths fatalities lives; vote election poll ballot; cancel canceled cancelled annul
    annulled void voided scrap scrapped nullified threw overturned; buy bought purchase
    purchased; build built construct constructed erected; say says said state stated tell told
    claim claimed announce announced report reported according add added; show shows showed
    shown reveal revealed; plan plans planned intend intends; hit struck strike; plane aircraft
    airplane aeroplane seaplane; car cars vehicle vehicles; boat ship vessel; kids kid children
    child; cop cops police officers officer policemen; doctor doctors medic medics physician;
    town village community; film filmed recording recordings video videos footage; money funds
    cash; price priced cost costs asks charges fare; probe inquiry investigation; open opened
    opens; receive received get got; meet met meeting; demand demanded demands call calls called
    urge urged; leave left depart departed; approve approved approves back backed; tall high
    height; long length; quickly fast swiftly; photo photograph picture image; army military;
    residents inhabitants locals people; ballot vote; wound wounded injure injured hurt
    injuries; find found discover discovered; seize seized confiscate confiscated; name named
    call called; country nation; rescue rescued save saved; rescuers responders; roughly around
    approximately; drink drinking drank; sack sacked fire fired dismiss dismissed; work worked
    working; remain remained remains still; lake reservoir; join joined; help helped assist
    assisted aid; send sent dispatched deploy deployed; visit visited; warn warned alerted; hide
    hid hidden concealed; permit permitted allow allowed lets; ban banned prohibit prohibited
    forbid; replace replaced; need needs require requires required; late delayed delay; crash
    crashed collision; organizer organizers organiser organisers; meter metre meters metres;
    kilometer kilometre kilometers kilometres; neighbor neighbour neighborhood neighbourhood
    neighborhoods neighbourhoods; harbor harbour; center centre; color colour; labor labour;
    defense defence; gray grey; tons tonnes ton tonne; program programme
"""

# What stands on one side of a bar against what stands on the other.
_OPPOSITES = """
    rise rises rose risen climb climbed jump jumped grow grew increase increased surge surged up
    gain gained | fall falls fell fallen drop dropped plunge plunged decline declined slump
    slumped tumbled decrease decreased down lost lose; more higher above over greater most |
    less fewer lower below under least fewest; before earlier ahead | after later; open opened
    opens reopen reopened | close closed closes shut; win won wins | lose lost loses; first |
    last second third; north northern | south southern; east eastern | west western; north
    northern south southern | east eastern west western; accept accepted approve approved
    confirm confirmed admit admitted acknowledge | reject rejected deny denied dismiss dismissed
    refuse refused; allow allowed permit permitted legal | ban banned forbid forbidden prohibit
    prohibited illegal; profit profits earn earned earns | loss losses; alive survived surviving
    survivors | dead died killed; cheap cheaper | expensive dearer; buy bought | sell sold;
    arrive arrived enter entered | leave left depart departed; start started begin began launch
    launched | end ended finish finished stop stopped halt halted; support supported back backed
    praise praised | oppose opposed criticise criticised criticize criticized condemn; guilty
    convicted | innocent acquitted cleared; true | false; all every everyone | none nobody some;
    day daytime | night nighttime; man men male father brother son boy boys he his | woman women
    female mother sister daughter girl girls she her; hire hired | fire fired sack sacked
    dismiss dismissed; always | never; early | late; empty | full; fast faster | slow slower;
    large larger big bigger | small smaller; long longer | short shorter; high | low; success
    succeeded | failed failure; public | private; peaceful | violent; upstream | downstream;
    import imported | export exported; majority | minority; maximum | minimum; inside | outside;
    morning | afternoon evening night; best | worst; strong stronger | weak weaker; wet | dry;
    ally allies friend | enemy enemies rival; red | blue green yellow black white; current |
    former; until till | since
"""
_PREFIX = re.compile(r"(?:un|in|im|ir|dis|non|mis)")
_SHORTEST_TAIL = 3


@lru_cache(maxsize=1)
def _families() -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for number, line in enumerate(_SYNONYMS.split(";")):
        for term in terms(line):
            found.setdefault(term, set()).add(number)
    return {term: frozenset(numbers) for term, numbers in found.items()}


@lru_cache(maxsize=1)
def _sides() -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    sides = []
    for line in _OPPOSITES.split(";"):
        one, other = (frozenset(part.split()) for part in line.split("|"))
        sides.append((one, other))
    return tuple(sides)


@lru_cache(maxsize=65_536)
def means_same(term: str, other: str) -> bool:
    """Whether two terms may stand for each other in a report: "halt" and "suspend"."""
    if term == other:
        return True
    if _negates(term, other) or term[0].isdigit() or other[0].isdigit():
        return False
    befell, befallen = events_of((term,)), events_of((other,))
    if befell and befallen and befell.isdisjoint(befallen):
        return False
    families = _families()
    shared = families.get(term, frozenset()) & families.get(other, frozenset())
    return bool(shared) or is_same(term, other)


def _negates(term: str, other: str) -> bool:
    """Whether one is the other with a prefix that turns it round: "verified", "unverified"."""
    short, long = sorted((term, other), key=len)
    prefix = _PREFIX.match(long)
    return (
        prefix is not None
        and len(short) >= _SHORTEST_TAIL
        and long[prefix.end() :].startswith(short[: max(_SHORTEST_TAIL, len(short) - 1)])
    )


def find_opposites(words: frozenset[str], others: frozenset[str]) -> tuple[str, str] | None:
    """A word of ``words`` and one of ``others`` (in lower case) that say the opposite, if any.

    A pair of which either side has both words opposes nothing.
    """
    for one, other in _sides():
        for own, found in ((one, other), (other, one)):
            mine, theirs = own & words, found & others
            if mine and theirs and not found & words and not own & others:
                return min(mine), min(theirs)
    return None
