"""What the reader finds in passages, how it says that it found nothing, and its files."""

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.embed import MODELS
from index.errors import EmbedderError
from index.pinpoint import MODEL, SETTINGS, Reader, Reading, Span

FLOOD = (
    "Heavy rain fell over the valley for three days. On Tuesday the river Arle burst its banks and"
    " some 4,200 people fled their homes, the mayor, Ines Farrow, told reporters. The bridge at"
    " Dunmoor was closed until Friday."
)
BANK = (
    "The central bank raised its main rate to 4.5 per cent. Analysts had expected the step, which"
    " follows months of rising prices."
)
FILLER = "The council met again on Monday to talk about roads, schools and the new library. "


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader(threads=2)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    for name in (MODEL, SETTINGS, "tokenizer.json"):
        shutil.copy(MODELS / name, tmp_path / name)
    return tmp_path


def read_one(reader: Reader, question: str, passage: str) -> Reading:
    (reading,) = reader.read_passages(question, [passage])
    assert isinstance(reading, Reading)
    return reading


def best(reader: Reader, question: str, passage: str) -> str:
    span = read_one(reader, question, passage).spans[0]
    return passage[span.start : span.end]


def test_the_model_is_the_one_that_the_settings_state() -> None:
    stated = json.loads((MODELS / SETTINGS).read_text(encoding="utf-8"))["sha256"]
    assert hashlib.sha256((MODELS / MODEL).read_bytes()).hexdigest() == stated


def test_the_model_is_small_enough_to_ship() -> None:
    assert (MODELS / MODEL).stat().st_size <= 30_000_000


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many people fled their homes?", "4,200"),
        ("Who is the mayor?", "Farrow"),
        ("Which river burst its banks?", "Arle"),
        ("When did the river burst its banks?", "Tuesday"),
        ("until when was the bridge closed", "Friday"),
    ],
)
def test_it_marks_the_words_that_answer(reader: Reader, question: str, answer: str) -> None:
    found = best(reader, question, FLOOD)
    assert answer in found
    assert len(found) <= len(answer) + 15


def test_a_passage_that_answers_stands_above_one_that_does_not(reader: Reader) -> None:
    flood, bank = reader.read_passages("How many people fled their homes?", [FLOOD, BANK])
    assert isinstance(flood, Reading)
    assert isinstance(bank, Reading)
    assert flood.answerable > 0.7
    assert bank.answerable < 0.2
    assert flood.score > bank.score


def test_an_answer_at_the_end_of_a_long_passage_is_found(reader: Reader) -> None:
    passage = FILLER * 40 + FLOOD
    assert "Farrow" in best(reader, "Who is the mayor?", passage)


def test_an_answer_at_the_start_of_a_long_passage_is_found(reader: Reader) -> None:
    passage = FLOOD + " " + FILLER * 40
    assert "Farrow" in best(reader, "Who is the mayor?", passage)


def test_spans_are_best_first_each_once_and_share_no_more_than_one(reader: Reader) -> None:
    spans = read_one(reader, "Who is the mayor?", FILLER * 30 + FLOOD).spans
    shares = [span.share for span in spans]
    assert shares == sorted(shares, reverse=True)
    assert 0 < sum(shares) <= 1 + 1e-6
    assert len({(span.start, span.end) for span in spans}) == len(spans)


@settings(max_examples=25, deadline=None)
@given(question=st.text(st.characters(), max_size=80), passage=st.text(st.characters()))
def test_any_texts_are_read_and_spans_lie_inside(question: str, passage: str) -> None:
    reading = read_one(Reader(threads=1), question, passage)
    assert 0 <= reading.answerable <= 1
    assert all(0 <= span.start <= span.end <= len(passage) for span in reading.spans)


def test_readings_keep_the_order_of_their_passages(reader: Reader) -> None:
    passages = [BANK, FLOOD, "", FILLER * 30, FLOOD]
    together = reader.read_passages("Who is the mayor?", passages)
    assert together == [read_one(reader, "Who is the mayor?", passage) for passage in passages]


def test_one_thread_and_many_read_the_same(reader: Reader) -> None:
    passages = [FLOOD, BANK, FILLER * 20]
    question = "Which river burst its banks?"
    assert Reader(threads=1).read_passages(question, passages) == reader.read_passages(
        question, passages
    )


def test_no_passages_have_no_readings(reader: Reader) -> None:
    assert reader.read_passages("Who?", []) == []


def test_a_passage_without_words_answers_nothing(reader: Reader) -> None:
    reading = read_one(reader, "Who is the mayor?", " \n")
    assert reading.spans == ()
    assert reading.answerable < 0.001


def test_a_question_as_long_as_an_article_still_leaves_room(reader: Reader) -> None:
    assert read_one(reader, "Who is the mayor? " * 500, FLOOD).spans


def test_when_the_time_is_over_the_rest_is_not_read(reader: Reader) -> None:
    assert reader.read_passages("Who is the mayor?", [FLOOD, BANK], seconds=0) == [None, None]


def test_what_is_read_in_time_are_the_first_passages() -> None:
    reader = Reader(threads=1)
    reader.read_passages("Who is the mayor?", [FLOOD])
    found = reader.read_passages("Who is the mayor?", [FLOOD] * 2_000, seconds=0.5)
    whole = [reading is not None for reading in found]
    assert whole == sorted(whole, reverse=True)
    assert any(whole)
    assert not all(whole)


def test_with_time_enough_everything_is_read(reader: Reader) -> None:
    found = reader.read_passages("Who is the mayor?", [FLOOD, BANK], seconds=60)
    assert all(isinstance(reading, Reading) for reading in found)


def test_nothing_is_opened_before_the_first_passage(tmp_path: Path) -> None:
    reader = Reader(folder=tmp_path)
    with pytest.raises(EmbedderError, match=r"reader\.onnx is missing.*reinstall pullquote"):
        reader.read_passages("Who?", [FLOOD])


def test_a_damaged_model_is_an_error_and_never_another_answer(files: Path) -> None:
    data = bytearray((files / MODEL).read_bytes())
    data[len(data) // 2] ^= 1
    (files / MODEL).write_bytes(data)
    with pytest.raises(EmbedderError, match=r"reader\.onnx is damaged"):
        Reader(folder=files).read_passages("Who?", [FLOOD])


def test_a_missing_model_is_an_error(files: Path) -> None:
    (files / MODEL).unlink()
    with pytest.raises(EmbedderError, match=r"reader\.onnx is missing"):
        Reader(folder=files).read_passages("Who?", [FLOOD])


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"sha256": "0", "calibration": {"ahead": 1}}'])
def test_damaged_settings_are_an_error(files: Path, text: str) -> None:
    (files / SETTINGS).write_text(text, encoding="utf-8")
    with pytest.raises(EmbedderError, match=r"reader\.json is damaged"):
        Reader(folder=files).read_passages("Who?", [FLOOD])


def test_the_name_follows_from_the_model(reader: Reader) -> None:
    stated = json.loads((MODELS / SETTINGS).read_text(encoding="utf-8"))["sha256"]
    assert reader.name == f"MiniLM-L6-reader-int8@{stated[:16]}"


def test_a_sentence_has_the_best_span_inside_it_and_the_share_of_all_of_them() -> None:
    reading = Reading(
        spans=(
            Span(start=50, end=60, share=0.5),
            Span(start=10, end=20, share=0.3),
            Span(start=10, end=14, share=0.15),
            Span(start=30, end=52, share=0.05),
        ),
        answerable=0.9,
        score=2.2,
    )
    assert reading.find_within(0, 40) == Span(start=10, end=20, share=0.3)
    assert reading.share_within(0, 40) == pytest.approx(0.45)
    assert reading.find_within(60, 90) is None
    assert reading.share_within(60, 90) == 0
