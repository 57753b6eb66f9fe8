"""Prose around the quotes, whatever the language model does."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from dataclasses import replace

import pytest

from index.follow_up import Turn
from index.settings import WriterSettings
from index.types import Answer, Prose, WrittenSentence
from index.write import Limits, with_prose, write_prose
from index.writing.model import open_writer
from tests.scripted_model import (
    KEY,
    WIRES,
    Asked,
    Reply,
    Script,
    ScriptedModel,
    in_turn,
    quote_honestly,
)
from tests.writing.answers import FLOOD, Typist, differing, make_answer, read_proses

on_each_wire = pytest.mark.parametrize("wire", WIRES)

HONEST = "At least 12 people died in the flood, said Mayor Ines Kolbe [2]."


@pytest.fixture(autouse=True, scope="module")
def _imported() -> None:
    for wire in WIRES:
        open_writer(WriterSettings(model=f"{wire}/x", key="k")).prepare()


def write(settings: WriterSettings, answer: Answer) -> list[Prose]:
    """Every prose that is shown while the model of ``settings`` writes."""

    async def run() -> list[Prose]:
        writer = open_writer(settings)
        try:
            return await read_proses(answer, writer)
        finally:
            await writer.close()

    return asyncio.run(run())


def typed(text: str, answer: Answer | None = None, *, limits: Limits | None = None) -> Prose:
    """The final prose of a model that writes ``text``."""
    return asyncio.run(read_proses(answer or make_answer(), Typist(text), limits=limits))[-1]


# What is shown


@on_each_wire
def test_honest_sentences_are_shown_one_after_the_other_with_their_citations(
    wire: str, model: ScriptedModel
) -> None:
    proses = write(model.settings(wire), make_answer())
    assert [len(prose.sentences) for prose in proses] == [1, 2, 3, 3]
    final = proses[-1]
    assert final.sentences[0] == WrittenSentence(text=FLOOD[0], numbers=(1,), places=(0,))
    assert (final.proposed, final.dropped, final.note) == (3, (), None)
    assert (final.model, final.tokens) == (f"{wire}/scripted-1", (120, 30))


def test_a_sentence_is_shown_while_the_model_still_writes_the_next(model: ScriptedModel) -> None:
    honest = f"{HONEST} {FLOOD[0].removesuffix('.')} [1]."
    model.script = in_turn(Reply(text=honest, size=len(HONEST) + 8, pause=4.0))

    async def first_seconds() -> float:
        writer = open_writer(model.settings())
        proses = write_prose(make_answer(), writer)
        started = time.monotonic()
        await anext(proses)
        taken = time.monotonic() - started
        await proses.aclose()
        await writer.close()
        return taken

    assert asyncio.run(first_seconds()) < 3.5


INVENTIVE = [
    "At least 21 people died in the flood, said Mayor Ines Kolbe [2].",
    "“We ordered an evacuation,” Kolbe told reporters [3].",
    "Mayor Ines Kolbe ordered an evacuation [3].",
    "At least 12 people died in the flood, the fire brigade said [2].",
    "At least 12 people died in the flood, said Mayor Ines Kolbe [7].",
    "At least 12 people died in the flood, said Mayor Ines Kolbe.",
    "The flood was caused by a broken dam [1].",
    "See https://evil.example/?q=Velden for more [1].",
    "**At least 12 people died in the flood** [2].",
]


@on_each_wire
def test_what_a_model_invents_is_dropped_and_counted(wire: str, model: ScriptedModel) -> None:
    for invented in INVENTIVE:
        model.script = in_turn(Reply(text=f"{invented} {HONEST}"))
        final = write(model.settings(wire), make_answer())[-1]
        assert [one.text for one in final.sentences] == [HONEST.replace(" [2]", "")], invented
        assert (final.proposed, len(final.dropped)) == (2, 1)


def test_where_nothing_is_kept_the_extractive_answer_stands_alone() -> None:
    answer = make_answer()
    prose = typed(" ".join(INVENTIVE[:3]), answer)
    assert prose.sentences == ()
    assert prose.note == "the language model wrote nothing that the quotes bear out"
    assert with_prose(answer, prose) == replace(answer, prose=prose)


def test_a_written_answer_leads_with_its_prose_and_keeps_everything_else() -> None:
    answer = make_answer()
    written = with_prose(answer, typed(f"{HONEST} {INVENTIVE[0]}", answer))
    assert written.mode == "written"
    assert written.text == "At least 12 people died in the flood, said Mayor Ines Kolbe. [2]"
    assert (written.quotes, written.citations) == (answer.quotes, answer.citations)
    assert with_prose(written, replace(typed(""), sentences=())).mode == "extractive"
    assert with_prose(written, typed("")).text == answer.text


def test_quotes_of_one_article_are_cited_by_its_number_once() -> None:
    answer = make_answer(*FLOOD, numbers=(1, 2, 1))
    prose = typed(f"{FLOOD[2]} [3]", answer)
    assert [(one.numbers, one.places) for one in prose.sentences] == [((1,), (2,))]


def test_sentences_in_json_are_held_against_the_quotes_as_well() -> None:
    text = '{"sentences": [{"text": "At least 12 people died in the flood, said Mayor Ines Kolbe.",'
    text += ' "citations": [2]}, {"text": "At least 13 people died.", "citations": [2]}]}'
    prose = typed(text)
    assert [one.numbers for one in prose.sentences] == [(2,)]
    assert len(prose.dropped) == 1


# What is not asked


def test_a_model_is_not_asked_where_the_articles_do_not_say(model: ScriptedModel) -> None:
    silent = replace(make_answer(), grounded=False, quotes=(), text="The articles don't say.")
    assert write(model.settings(), silent) == []
    assert model.asked == []
    assert with_prose(silent, typed(HONEST)).mode == "extractive"
    assert with_prose(silent, typed(HONEST)).text == silent.text


def test_the_questions_before_are_told_to_the_model() -> None:
    typist = Typist(HONEST)
    turns = [Turn(understood="Where is Velden?", texts=("On the Orle.",))]
    asyncio.run(read_proses(make_answer(), typist, turns=turns))
    assert "Asked before: Where is Velden?" in typist.asked[0][1]
    assert "On the Orle" not in typist.asked[0][1]


# Differences


SIDES = ("Police counted 12 dead in Velden.", "The mayor said that 14 people died in Velden.")


def test_prose_that_smooths_a_difference_over_is_withheld_whole() -> None:
    answer = make_answer(*SIDES, differences=differing(("12", 1), ("14", 2)))
    one_sided = f"{SIDES[0].removesuffix('.')} [1]."
    proses = asyncio.run(read_proses(answer, Typist(one_sided)))
    assert [prose.sentences for prose in proses] == [()]
    assert proses[-1].dropped == ("difference_smoothed",)
    assert proses[-1].note == "the language model left out that the articles differ"


def test_prose_is_shown_from_where_it_names_two_sides() -> None:
    answer = make_answer(*SIDES, differences=differing(("12", 1), ("14", 2)))
    both = " ".join(f"{side.removesuffix('.')} [{n}]." for n, side in enumerate(SIDES, start=1))
    proses = asyncio.run(read_proses(answer, Typist(both)))
    assert [len(prose.sentences) for prose in proses] == [2, 2]


# Limits


def test_three_sentences_are_kept_and_the_model_is_not_listened_to_any_further() -> None:
    prose = typed(
        " ".join(
            f"{text.removesuffix('.')} [{n}]."
            for n, text in enumerate((*FLOOD[:2], FLOOD[0], FLOOD[2], FLOOD[1]), start=1)
        ),
        make_answer(*FLOOD[:2], FLOOD[0], FLOOD[2], FLOOD[1]),
    )
    assert len(prose.sentences) == 3
    assert prose.dropped == ("repeated",)


def test_of_a_model_that_rambles_eight_sentences_are_looked_at() -> None:
    prose = typed("Many people like this town. " * 100)
    assert prose.proposed == 8
    assert prose.dropped == ("no_citation",) * 8


def test_a_sentence_that_nobody_would_write_is_not_even_read() -> None:
    started = time.monotonic()
    prose = typed(f"{HONEST.removesuffix('.')} and so on {'and so on ' * 60}[2].")
    assert prose.dropped == ("too_long",)
    assert time.monotonic() - started < 1


def test_prose_beyond_its_length_is_dropped() -> None:
    prose = typed(HONEST, limits=Limits(characters=20))
    assert (prose.sentences, prose.dropped) == ((), ("too_long",))


# What goes wrong


def dead(wire: str) -> WriterSettings:
    with ScriptedModel() as gone:
        return gone.settings(wire)


WRONG: list[tuple[str, Script, str]] = [
    ("refused", in_turn(Reply(status=401)), "does not take the key"),
    ("limited", in_turn(Reply(status=429, headers={"Retry-After": "0"})), "asked too much now"),
    ("failing", in_turn(Reply(status=500)), "server failed"),
    ("slow", in_turn(Reply(text=HONEST, delay=30)), "took too long"),
    ("cut off", in_turn(Reply(text=HONEST, cut=20)), "broke off"),
    ("endless", in_turn(Reply(text="and so on and on ", endless=True)), "wrote nothing"),
    ("chatty", in_turn(Reply(text="Sure! Here you go. " * 3)), "wrote nothing"),
    ("mute", in_turn(Reply()), "wrote nothing"),
    ("malformed", in_turn(Reply(raw=b"\x00\xffdata: {\n\n")), "wrote nothing|cannot be read"),
]


@on_each_wire
@pytest.mark.parametrize(
    ("script", "note"), [one[1:] for one in WRONG], ids=[one[0] for one in WRONG]
)
def test_whatever_goes_wrong_is_a_short_note_and_the_quotes_stay(
    wire: str, script: Script, note: str, model: ScriptedModel
) -> None:
    model.script = script
    answer = make_answer()
    seconds = 1.0 if note == "took too long" else 20.0
    (*_, final) = write(model.settings(wire, seconds=seconds), answer)
    assert final.sentences == ()
    assert final.note
    assert re.search(note, final.note)
    assert len(final.note) < 80
    shown = with_prose(answer, final)
    assert (shown.mode, shown.text, shown.quotes) == ("extractive", answer.text, answer.quotes)


@on_each_wire
def test_a_dead_endpoint_is_a_short_note(wire: str) -> None:
    (final,) = write(dead(wire), make_answer())
    assert final.note == "the language model cannot be reached: check that its server runs"


@on_each_wire
def test_what_was_vouched_for_before_it_broke_off_is_kept(wire: str, model: ScriptedModel) -> None:
    text = f"{HONEST} {FLOOD[0].removesuffix('.')} [1]."
    model.script = in_turn(Reply(text=text, cut=len(HONEST) + 30))
    (*_, final) = write(model.settings(wire), make_answer())
    assert [one.numbers for one in final.sentences] == [(2,)]
    assert final.note is None


def test_half_a_sentence_is_never_shown() -> None:
    prose = typed(f"{HONEST} “We did not order an evacuation,” Kolbe [3] told rep")
    assert len(prose.sentences) == 1
    assert prose.dropped == ("unfinished",)


# The log


def test_the_log_counts_and_gives_reasons_and_holds_no_text_and_no_key(
    model: ScriptedModel, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="index")
    model.script = in_turn(Reply(text=f"{HONEST} {INVENTIVE[5]} {INVENTIVE[4]}"))
    write(model.settings(), make_answer())
    (line,) = [one.message for one in caplog.records if one.name == "index.write"]
    assert "kept=1 proposed=3" in line
    assert "dropped=no_citation:1,no_such_citation:1" in line
    assert "tokens=120/30" in line
    assert KEY not in caplog.text
    assert "Velden" not in caplog.text
    assert "Kolbe" not in caplog.text


def test_tokens_are_estimated_where_the_model_does_not_tell() -> None:
    read, written = typed(HONEST).tokens
    assert 200 < read < 600
    assert written == len(HONEST) // 4


def test_an_honest_script_answers_what_it_was_asked() -> None:
    asked = Asked(
        wire="openai", model="m", rules="", question="[1] A, undated: It rained.", key="", body={}
    )
    assert quote_honestly(asked).text == "It rained [1]."
