from __future__ import annotations

import pytest

from index.language.speakers import find_speaker, has_speaker_verb


def speaker_of(text: str, figure: str, *, context: str = "") -> str | None:
    start = text.index(figure)
    return find_speaker(text, start, start + len(figure), context=context)


@pytest.mark.parametrize(
    ("text", "figure", "speaker"),
    [
        ("The number of boats confirmed lost rose to 50 on Friday, the port said.", "50",
         "the port"),
        ("The Boatmen's League, which keeps a list of its own, said it had lost 50 boats.", "50",
         "The Boatmen's League"),
        ("Kari Dahl, a spokeswoman for the port, said that 50 boats sank.", "50", "Kari Dahl"),
        ("The port's head, Kari Dahl, told reporters that 50 boats sank.", "50", "Kari Dahl"),
        ("His office put the number of boats at 50.", "50", "His office"),
        ("In a first report the Harbour Watch estimated the loss at 50 boats.", "50",
         "the Harbour Watch"),
        ("Boatmen spoke of 50.", "50", "Boatmen"),
        ("The fleet lost 50 boats, said Kari Dahl, who runs the port.", "50", "Kari Dahl"),
        ("The Harbour Watch counted 50 boats.", "50", "The Harbour Watch"),
        ("According to available information, 50 boats sank.", "50", None),
        ("She put the loss at 50 boats.", "50", None),
        ("The fare was $50, not the $40 that the port announced.", "$50", None),
        ("Records show that 50 boats sank.", "50", "Records"),
    ],
)  # fmt: skip
def test_who_is_credited(text: str, figure: str, speaker: str | None) -> None:
    assert speaker_of(text, figure) == speaker


@pytest.mark.parametrize(
    ("context", "speaker"),
    [
        ("Dahl said that the port was closed.", "Dahl"),
        ("The port said that it was closed.", None),
        ("A storm came up.", None),
        ("", None),
    ],
)
def test_she_is_who_was_named_as_speaking_before(context: str, speaker: str | None) -> None:
    assert speaker_of("She put the loss at 50 boats.", "50", context=context) == speaker


def test_a_sentence_without_a_verb_of_saying_has_no_speaker() -> None:
    assert has_speaker_verb("Boatmen spoke of 50.")
    assert not has_speaker_verb("The fleet has 50 boats.")
