"""Sentences and passages: exact spans, ends where a reader sees them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.split import (
    MAX_SENTENCE,
    WORDS_PER_PASSAGE,
    count_words,
    split_article,
    split_sentences,
)
from index.types import Article, Paragraph, ParagraphKind, Passage

SENTENCE = "The minister said on Friday that the old bridge would be closed for at least a year."


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, 0, len(text))]


def article(*parts: tuple[ParagraphKind, str], gap: str = "\n\n") -> Article:
    text, paragraphs = "", []
    for kind, words in parts:
        paragraphs.append(Paragraph(start=len(text), end=len(text) + len(words), kind=kind))
        text += words + gap
    return Article(path="a.txt", text=text, title="A", paragraphs=tuple(paragraphs))


def words_in(whole: Article, passage: Passage) -> int:
    return count_words(whole.text[passage.start : passage.end])


@pytest.mark.parametrize(
    "sentence",
    [
        "The U.N. Security Council met in New York.",
        "Maj. Gen. Pat Ryder, Lt. Col. Ann Roe and Sen. J. D. Poe spoke.",
        "It began on Oct. 30 and ended on Nov. 2.",
        "He came at 9 a.m. Monday and left at 5 p.m. Eastern time.",
        "Some 500 N. Korean troops (No. 5 in the plan) cost $1.5 million, e.g. in fuel.",
        "George W. Bush and J. K. Rowling met in St. Louis, Mo., on a Friday.",
        "They waited... and went home.",
        "“Will they come?” asked the mayor.",
        "“Will they come?” Mayor Ann Roe asked.",
        "Visit www.example.org or example.com/a.b for more.",
        "The U.S. Department of Defense and Acme Inc. of Calif. agreed.",
        "1. The first of the points is this.",
        "no stop at the end at all",
        "He got a Ph.D. in Belmora.",
        "Dr. Roe vs. the state: the case goes on.",
        "He shouted “Stop!” and ran.",
    ],
)
def test_it_is_one_sentence(sentence: str) -> None:
    assert sentences(sentence) == [sentence]


@pytest.mark.parametrize(
    "expected",
    [
        ["“We will stay.”", "Nobody believed him."],
        ['He said "no."', '"Yes," said she.'],
        ["It was made in the U.S.", "The troops left."],
        ["He left at 5 p.m.", "Austin stayed."],
        ["(He was born there.)", "Then he left."],
        ["He said no.", "Five people came."],
        ["It stood in Nov.", "He left."],
        ["Why?", "Nobody knows!", "It is so…", "Then it ended."],
        ["He works for Acme Inc.", "The firm denied it."],
        ["She got vitamin C.", "It helped."],
        ["It rose in 2024.", "It fell in 2025.[1]", "It ended."],
        ["‘It is over.’", "‘Is it?’", "They went."],
        ["List of demands:", "- more pay", "- less work", "2. and a bridge"],
        ["北部の橋が落ちた。", "けが人はいない。"],
        ["One paragraph", "another paragraph"],
    ],
)
def test_it_is_several_sentences(expected: list[str]) -> None:
    unspaced = "。" in expected[0]
    lines = expected[0].endswith(":") or expected[0].startswith("One")
    text = ("" if unspaced else "\n\n" if lines else " ").join(expected)
    assert sentences(text) == expected


def test_offsets_are_those_of_the_whole_text() -> None:
    text = f"Skip this. {SENTENCE} It is so. And skip this."
    start, end = text.index(SENTENCE), text.index(" And")
    spans = split_sentences(text, start, end)
    assert [text[left:right] for left, right in spans] == [SENTENCE, "It is so."]


def test_a_sentence_without_end_is_cut_at_a_space() -> None:
    text = "word " * 1_000
    cut = sentences(text)
    assert len(cut) > 1
    assert all(len(piece) <= MAX_SENTENCE and set(piece.split()) == {"word"} for piece in cut)


@given(
    st.text(alphabet='ab AB.!?…"”“()\n\r\t1,;。—-\u2028é', max_size=300),
    st.integers(0, 40),
    st.integers(0, 40),
)
def test_spans_cover_every_visible_character_once(text: str, left: int, right: int) -> None:
    start, end = min(left, len(text)), max(min(left, len(text)), len(text) - right)
    spans = split_sentences(text, start, end)
    covered = [at for span in spans for at in range(*span)]
    assert covered == sorted(set(covered))
    assert all(start <= at < end for at in covered)
    assert {at for at in range(start, end) if not text[at].isspace()} <= set(covered)
    assert all(text[left:right] == text[left:right].strip() != "" for left, right in spans)


paragraphs = st.lists(
    st.tuples(
        st.sampled_from(["text", "text", "text", "heading", "caption"]),
        st.integers(1, 12).map(lambda times: " ".join([SENTENCE] * times)),
    ),
    min_size=1,
    max_size=12,
)


@given(paragraphs, st.sampled_from(["\n\n", "\n", " \n Share this \n "]))
def test_passages_hold_every_sentence_once_in_order(
    parts: list[tuple[ParagraphKind, str]], gap: str
) -> None:
    whole = article(*parts, gap=gap)
    passages = split_article(whole)
    held = [sentence for passage in passages for sentence in passage.sentences]
    assert [passage.number for passage in passages] == list(range(len(passages)))
    assert [sentence.start for sentence in held] == sorted({s.start for s in held})
    for passage in passages:
        assert (passage.start, passage.end) == (
            passage.sentences[0].start,
            passage.sentences[-1].end,
        )
        assert "Share" not in whole.text[passage.start : passage.end]
    for sentence in held:
        paragraph = whole.paragraphs[sentence.paragraph - 1]
        assert paragraph.start <= sentence.start < sentence.end <= paragraph.end
        assert paragraph.kind == sentence.kind
    visible = "".join("".join(words.split()) for _, words in parts)
    assert "".join("".join(whole.text[s.start : s.end].split()) for s in held) == visible


@pytest.mark.parametrize(
    ("words", "passages"), [(40, 1), (200, 1), (280, 1), (300, 2), (580, 3), (1900, 10)]
)
def test_passages_are_balanced(words: int, passages: int) -> None:
    whole = article(
        *[("text", "Ten words are in this short sentence of the story.")] * (words // 10)
    )
    sizes = [words_in(whole, passage) for passage in split_article(whole)]
    assert len(sizes) == passages
    assert max(sizes) - min(sizes) <= 20
    assert max(sizes) <= 1.5 * WORDS_PER_PASSAGE


def test_a_passage_ends_with_a_paragraph_where_one_is_near() -> None:
    whole = article(("text", " ".join([SENTENCE] * 10)), ("text", " ".join([SENTENCE] * 12)))
    first, second = split_article(whole)
    assert first.end == whole.paragraphs[0].end
    assert second.start == whole.paragraphs[1].start


def test_a_heading_opens_the_passage_of_what_follows_it() -> None:
    long = " ".join([SENTENCE] * 11)
    first, second = split_article(article(("text", long), ("heading", "What now"), ("text", long)))
    assert [sentence.kind for sentence in second.sentences[:2]] == ["heading", "text"]
    assert {sentence.kind for sentence in first.sentences} == {"text"}


def test_markdown_marks_do_not_part_passages() -> None:
    text = f"- {SENTENCE}\n- {SENTENCE}\n"
    second = text.rindex(SENTENCE)
    spans = [(2, 2 + len(SENTENCE)), (second, second + len(SENTENCE))]
    parts = tuple(Paragraph(start=start, end=end) for start, end in spans)
    whole = Article(path="a.md", text=text, title="A", paragraphs=parts)
    assert len(split_article(whole)) == 1


def test_an_article_of_headings_alone_is_one_passage() -> None:
    assert len(split_article(article(("heading", "One"), ("heading", "Two")))) == 1


def test_a_hundred_articles_are_split_within_half_a_second() -> None:
    whole = article(*[("text", " ".join([SENTENCE] * 4))] * 11)
    began = time.perf_counter()
    for _ in range(100):
        split_article(whole)
    assert time.perf_counter() - began < 0.5
