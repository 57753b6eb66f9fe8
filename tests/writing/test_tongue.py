from __future__ import annotations

import pytest

from index.writing.tongue import is_foreign


@pytest.mark.parametrize(
    "question",
    [
        "Wer hat die Wahl gewonnen?",
        "Wie viele Menschen starben?",
        "¿Quién ganó las elecciones?",
        "Cuantas personas murieron en la inundacion",
        "Qui a gagné l'élection ?",
        "Combien de morts à Paris ?",
        "Chi ha vinto le elezioni?",
        "Quantas pessoas morreram?",
        "Hoeveel mensen stierven er?",
        "Hur många dog?",
        "Hvem vant valget?",
        "Kuka voitti vaalit?",
        "Ile osób zginęło?",
        "Kolik lidí zemřelo?",
        "Seçimi kim kazandı?",
        "Кто победил на выборах?",
        "Ποιος κέρδισε τις εκλογές;",
        "誰が勝ちましたか",
        "من فاز في الانتخابات؟",
    ],
)
def test_a_question_in_another_language_is_told_by_its_smallest_words(question: str) -> None:
    assert is_foreign(question)


@pytest.mark.parametrize(
    "question",
    [
        "Who won the election?",
        "Who is Charles de Gaulle?",
        "What did Marine Le Pen say?",
        "How many died in Los Angeles?",
        "Did Oscar de la Renta die?",
        "What is Die Zeit?",
        "Was there a coup d'état in Côte d'Ivoire?",
        "Was the café in São Paulo closed?",
        "Angela Merkel",
        "and in Paris?",
        "Why?",
        "vote in Rio de Janeiro",
        "2021",
        "",
        "Who are the Москва Club?",
    ],
)
def test_names_of_other_languages_do_not_make_a_question_foreign(question: str) -> None:
    assert not is_foreign(question)
