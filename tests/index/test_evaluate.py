from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index.errors import QuestionError
from index.evaluate import (
    Expectation,
    Outcome,
    Tally,
    evaluate,
    fold,
    read_expectations,
    summarize,
)
from index.types import Answer, Difference, DifferingValue, Quote, Searched

TEXT = "The mayor said “we’ll rebuild” the bridge. It cost 3 million. Others say 4 million."
SEARCHED = Searched(
    articles=1, passages=1, earliest=date(2020, 1, 1), latest=date(2020, 1, 1), generation=1
)


def quote(text: str) -> Quote:
    start = TEXT.index(text)
    return Quote(
        number=1, text=text, article="a.txt", start=start, end=start + len(text), paragraph=1
    )


def answered(*texts: str, values: tuple[str, ...] = ()) -> Answer:
    sides = tuple(DifferingValue(value=value, said_by=None, number=1) for value in values)
    return Answer(
        question="?",
        text=" ".join(texts),
        grounded=bool(texts),
        confidence=0.5,
        searched=SEARCHED,
        quotes=tuple(quote(text) for text in texts),
        differences=(Difference(about="cost", values=sides),) if values else (),
    )


def judge(answer: Answer, kind: str, *groups: tuple[str, ...]) -> Outcome:
    expectation = Expectation(id="1", kind=kind, question="?", groups=groups)
    (outcome,) = evaluate([expectation], ask=lambda _: answer, read_text=lambda _: TEXT)
    return outcome


def test_a_hit_holds_one_string_of_every_group_within_its_quotes() -> None:
    answer = answered("It cost 3 million.", "Others say 4 million.")
    assert judge(answer, "fact", ("3 million",), ("5 million", "4 million")).hit
    assert judge(answer, "fact", ("3 million",), ("5", "6")).missing == ("5 or 6",)


def test_case_quotation_marks_and_spacing_do_not_count() -> None:
    assert fold(' “We’ll\n REBUILD" ') == fold("well rebuild")
    assert judge(
        answered("The mayor said “we’ll rebuild” the bridge."), "quote", ('"We\'ll  rebuild"',)
    ).hit


def test_an_expected_string_may_not_be_pieced_together_from_two_quotes() -> None:
    answer = answered("It cost 3 million.", "Others say 4 million.")
    assert not judge(answer, "fact", ("million. Others",)).hit


def test_an_abstention_is_right_only_where_it_is_expected() -> None:
    assert judge(answered(), "abstain").hit
    assert judge(answered("It cost 3 million."), "abstain").missing == ("should not be answered",)
    assert judge(answered(), "fact", ("3 million",)).missing == ("3 million",)
    assert judge(answered(), "fact").missing == ("an answer",)


def test_a_conflict_needs_its_differences_beside_the_quotes() -> None:
    texts = ("It cost 3 million.", "Others say 4 million.")
    groups = (("3 million",), ("4 million",))
    assert judge(answered(*texts), "conflict", *groups).missing == ("differences",)
    half = judge(answered(*texts, values=("3 million",)), "conflict", *groups)
    whole = judge(answered(*texts, values=("3 million", "about 4 million")), "conflict", *groups)
    assert (half.hit, half.sides_complete) == (True, False)
    assert (whole.hit, whole.sides_complete) == (True, True)


def test_a_quote_that_is_no_slice_of_its_article_is_counted() -> None:
    honest = answered("It cost 3 million.")
    forged = replace(honest, quotes=(replace(honest.quotes[0], text="It cost 8 million."),))
    assert judge(honest, "fact").not_literal == 0
    assert judge(forged, "fact").not_literal == 1


def test_a_score_counts_by_kind_and_measures_time() -> None:
    right = judge(answered("It cost 3 million."), "fact", ("3 million",))
    silent = judge(answered(), "fact", ("3 million",))
    outcomes = [replace(right, milliseconds=float(n)) for n in range(1, 100)]
    score = summarize(
        [*outcomes, replace(silent, milliseconds=100.0), judge(answered(), "abstain")]
    )
    assert score.by_kind == {"fact": Tally(right=99, total=100), "abstain": Tally(right=1, total=1)}
    assert score.overall == Tally(right=100, total=101)
    assert score.wrong_abstentions == Tally(right=1, total=100)
    assert score.sides_complete == Tally(right=0, total=0)
    assert score.literal_quotes == Tally(right=99, total=99)
    assert score.median == pytest.approx(50)
    assert score.percentile_95 == pytest.approx(95)


def test_a_set_is_read_from_json_lines(tmp_path: Path) -> None:
    rows = [
        {"id": "a", "kind": "fact", "question": "How?", "expect": [["x", "y"]], "articles": ["1"]},
        {"kind": "abstain", "question": "Why?"},
    ]
    file = tmp_path / "set.jsonl"
    file.write_text("\n\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    assert read_expectations(file) == (
        Expectation(id="a", kind="fact", question="How?", groups=(("x", "y"),)),
        Expectation(id="3", kind="abstain", question="Why?"),
    )


@pytest.mark.parametrize(
    "line", ["{", "[]", "null", '{"kind": "fact"}', '{"kind":"a","question":"b","expect":3}']
)
def test_a_line_of_another_form_is_named(line: str, tmp_path: Path) -> None:
    file = tmp_path / "set.jsonl"
    file.write_text(f'{{"kind": "fact", "question": "?"}}\n{line}\n', encoding="utf-8")
    with pytest.raises(QuestionError, match=r"set\.jsonl line 2 is not a JSON object with"):
        read_expectations(file)


def test_a_set_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(QuestionError, match="cannot be read: No such file"):
        read_expectations(tmp_path / "none.jsonl")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(QuestionError, match="cannot be read: it is not UTF-8"):
        read_expectations(tmp_path / "binary")
    (tmp_path / "empty").write_text("\n")
    with pytest.raises(QuestionError, match="holds no question"):
        read_expectations(tmp_path / "empty")
