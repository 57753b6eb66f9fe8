"""Is a question in another language than the articles are understood in? By its smallest words."""

from __future__ import annotations

import re

_ENGLISH = frozenset(
    """
    a about after all an and any are as at be been before but by can could did do does for from had
    has have how if in into is it its many much not of on or said say says she should so some than
    that the their them there these they this those to was were what when where which who whom whose
    why will with would you
    """.split()
)
# The commonest words of other languages of Europe, without those that are English words as well.
_FOREIGN = (
    frozenset(
        """
    wer wie wann warum wieso welche welcher welches wo wohin der das dem den des die ein eine einen
    einer und nicht ist sind wurde wurden hat haben sich auf mit von für über aus bei nach zum zur
    viele vielen sagte gibt es bevor seit
    qui que quoi quel quelle quels quelles quand où pourquoi comment combien est sont était étaient
    le la les un une des du au aux et ne pas a-t-il est-ce dans sur avec pour par sans selon dit été
    ont ils elles l'on
    quién quien quiénes qué cuál cuáles cuándo cuando dónde donde cómo como cuánto cuánta cuántos
    cuántas por el los las una unos del al es son fue fueron era han está están según murieron hubo
    chi che cosa quale quali quando dove perché perche come quanto quanta quanti quante il lo gli i
    della dello delle dei degli nel nella è sono era erano ha hanno non di da con su tra
    quem qual quais onde quantos quantas os um uma dos das na nas não foi foram são está ao à
    wie wat welke wanneer waar waarom hoe hoeveel het een van zijn werd werden heeft hebben niet op
    met voor uit bij naar over er
    vem vilka när var varför hur många och att det som är inte på för har hvem hva hvad hvor hvorfor
    hvornår hvordan mange og ikke på til av fra ble blev var er som
    kto co który która które kiedy gdzie dlaczego jak ile ilu czy jest są był była było byli nie się
    z na w do od przez oraz
    kdo kdy kde proč jak kolik který která které je jsou byl byla bylo byli se na ve ze
    cine ce care când unde cum câți câte este sunt fost a au și nu din pentru
    mikä kuka milloin missä miksi miten kuinka montako ja on ei oli ovat olivat
    mi ki mikor hol miért hogyan hány az egy és nem volt voltak van
    kim ne nerede neden nasıl kaç bir ve bu için mi mı kadar
    """.split()
    )
    - _ENGLISH
)
# Words of English and of other languages: they tell nothing.
_SHARED = frozenset("a an all as do had he in is me no of on over so was".split())
_MARKED = re.compile("[¿¡]")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
# English words with such letters are few; names have them, and a capital.
_ACCENTED = re.compile(r"[a-z]*[^\W\d_a-zA-Z]\w*")
_ELIDED = re.compile(r"\A(?:l|d|qu|n|s|c|j|m|t|dell|all|nell|sull|un)['’](?=\w)", re.IGNORECASE)

# Of the letters of a question, so few in the Latin script make it one of another.
_MOSTLY_LATIN = 0.6


def is_foreign(question: str) -> bool:
    """Whether ``question`` is not English: another script, or more small words of another language.

    A question without any small word, such as a name, counts as English.
    """
    letters = [letter for letter in question if letter.isalpha()]
    if not letters:
        return False
    if sum(1 for letter in letters if _LATIN.match(letter)) < _MOSTLY_LATIN * len(letters):
        return True
    words = _WORD.findall(question)
    # Names have small words of their own, "Charles de Gaulle": the first word tells more.
    english = sum(word.lower() in _ENGLISH - _SHARED for word in words)
    foreign = sum(map(_is_foreign_word, words))
    opens = bool(words) and words[0].lower() in _FOREIGN
    return bool(_MARKED.search(question)) or foreign + opens > max(1, 2 * english)


def _is_foreign_word(word: str) -> bool:
    is_small = word.lower() in _FOREIGN or _ELIDED.match(word) is not None
    return is_small or (word[0].islower() and _ACCENTED.fullmatch(word) is not None)
