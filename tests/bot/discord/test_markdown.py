from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discord.markdown import LONGEST_ADDRESS, escape, link, mark_up, short, units, visible
from bot.render import MarkedText
from tests.bot.discord.reader import kinds_of, read, words_in, words_of

HOSTILE = [
    "@everyone", "@here", "<@1>", "<@!1>", "<@&1>", "<#1>", "</ask:1>", "<id:guide>", "<t:1:R>",
    "<a:dance:1>", "<:a:1>", ":smile:", "https://evil.example/x_y_z", "<https://evil.example>",
    "steam://run/1", "mailto:a@b.c", "discord.gg/abc", "discord.com/invite/abc", "www.evil.example",
    "**b**", "__u__", "*i*", "_i_", "~~s~~", "||s||", "`c`", "``", "```py\nx\n```", "\\", "\\*",
    "\n# h", "# ", "## ", "\n-# s", "-# ", "\n> q", "\n>>> q", "> ", "- ", "\n* i", "+ ", "\n1. i",
    "12. ", "[a](https://evil.example)", "](https://evil.example)", "[", "]", "(", ")", "<", ">",
    "*", "**", "_", "~~", "|", "`", ":", "@", "#", " ", "\n", "\t", "word", "3.5", "1.",
    "\u202e", "\u200b", "\u200d", "\u2066", "\ufeff", "\x1b[31m", "\x07", "\u2028", "e\u0301",
    "\u0301" * 40, "שלום", "مرحبا", "😀", "👨‍👩‍👧", "می‌خواهم",
]  # fmt: skip

TEXTS = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=5)), max_size=12).map("".join)

SERVER = re.compile(r"@everyone|@here|<@[!&]?[0-9]+>|<#[0-9]+>|discord(?:app)?\.(?:gg|com)/\w")
"""What Discord's servers look for in the raw text, where backslashes mean nothing."""


def shown(text: str) -> str:
    """The words of ``text`` that are to be read, as they come back from a message."""
    return re.sub("@(?=everyone|here)", "@\u200b", visible(text))


@settings(max_examples=600)
@given(TEXTS)
def test_an_escaped_text_reads_as_its_own_words_and_nothing_is_active(text: str) -> None:
    assert words_of(escape(text)) == shown(text)
    assert kinds_of(escape(text)) == set()
    assert not SERVER.search(escape(text))


@settings(max_examples=300)
@given(TEXTS, st.sampled_from(["> {}", "-# {}", "### {}", "- {}", "- **x** {} · **y**", "a {}{}"]))
def test_wherever_a_text_stands_only_our_own_marks_are_active(text: str, frame: str) -> None:
    line = short(text, 10_000)
    ours = kinds_of(frame.format("x", "x"))
    assert kinds_of(frame.format(line, line)) <= ours
    assert words_of(frame.format(line, line)) == words_of(frame).replace("{}", words_of(line))


@settings(max_examples=400)
@given(TEXTS, TEXTS, TEXTS)
def test_answering_words_are_bold_wherever_they_stand(before: str, words: str, after: str) -> None:
    parts = [re.sub(r"\s+", " ", visible(part)) for part in (before, words, after)]
    marked = mark_up(MarkedText(before=parts[0], marked=parts[1], after=parts[2]))
    assert words_of(f"> {marked}") == "".join(map(shown, parts))
    bold = "".join(words_in(f"> {marked}", "bold"))
    assert bold == shown(parts[1].strip())
    assert kinds_of(f"> {marked}") <= {"quote", "bold"}


@pytest.mark.parametrize(
    ("before", "words", "after"),
    [
        ("“", "41", "”, he said"),
        ("in", "side", "words"),
        ("(", "*41*", ")"),
        ("", "ends in \\", ""),
        ("*", "**", "*"),
        ("", "_x_", "_"),
    ],
)
def test_bold_stands_next_to_any_sign(before: str, words: str, after: str) -> None:
    runs = read(mark_up(MarkedText(before=before, marked=words, after=after)))
    assert [run.text for run in runs] == [part for part in (before, words, after) if part]
    assert [run.text for run in runs if "bold" in run.kinds] == [words]


@settings(max_examples=400)
@given(TEXTS, TEXTS)
def test_a_linked_title_is_one_link_whatever_stands_in_it_and_after_it(
    title: str, after: str
) -> None:
    line = f"-# \\[1\\] {link(title, 'https://ok.example/a', most=100)} · {short(after, 100)}"
    assert kinds_of(line) == {"small", "link", "https://ok.example/a"}
    # Nothing but the label is the link.
    linked = "".join(words_in(line, "link"))
    assert linked in {words_of(short(title, 100)), "link"}


def test_a_quote_keeps_its_letters_and_gains_only_backslashes() -> None:
    text = "He said: “5 < 6”, at 10:30 on www.example.org/a_b (see [2])"
    assert escape(text).replace("\\", "") == text


def test_what_needs_no_backslash_has_none() -> None:
    text = "Officials said: about 12.5 million (some 3/4), e.g. in Kyiv - and #1 - it's +5%!"
    assert escape(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\u202eb\u200bc\u2066d", "a bc d"),
        ("a\u200db\u200c", "ab"),
        ("می‌خواهم", "می‌خواهم"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
        ("e" + "\u0301" * 40 + "x", "e" + "\u0301" * 4 + "x"),
        ("e" + "\u0301\u200d" * 40, "e" + "\u0301\u200d" * 4),
        ("ça va, tiếng Việt", "ça va, tiếng Việt"),
    ],
)
def test_only_what_nobody_sees_is_taken_out(text: str, expected: str) -> None:
    assert visible(text) == expected


@given(TEXTS, st.integers(12, 200))
def test_a_short_text_fits_and_ends_where_a_word_ends(text: str, most: int) -> None:
    line = short(text, most)
    assert units(line) <= most
    assert "\n" not in line
    ours = str.maketrans("", "", "\u2068\u2069\u200b")
    whole = words_of(short(text, 100_000)).translate(ours)
    start = words_of(line).translate(ours)
    assert start == whole or whole.startswith(start.removesuffix("…"))


def test_a_text_is_cut_between_words_and_a_word_only_where_it_must_be() -> None:
    assert short("The ferry sank off the coast", 16) == "The ferry sank…"
    assert short("x" * 10_000, 10) == "x" * 9 + "…"
    assert short("*" * 10_000, 10) == "\\*" * 4 + "…"
    assert units(short("😀" * 10_000, 120)) <= 120


def test_a_text_from_right_to_left_does_not_turn_what_stands_beside_it() -> None:
    assert short("שלום 12", 50) == "\u2068שלום 12\u2069"
    assert short("plain", 50) == "plain"
    line = short("שלום " * 500, 50)
    assert units(line) <= 50
    assert (line[0], line[-1]) == ("\u2068", "\u2069")


@pytest.mark.parametrize(
    "title", ["🔥 Fire", "[Update] Fire", "Fire at https://x.example", "1\ufe0f\u20e3 Fire", ""]
)
def test_beside_a_title_that_discord_makes_no_link_of_stands_the_word_link(title: str) -> None:
    line = link(title, "https://ok.example", most=100)
    assert words_in(line, "link") == ["link"]
    assert words_of(line) == f"{title} link".lstrip()


def test_an_address_ends_no_link_pings_nobody_and_is_left_out_where_it_is_too_long() -> None:
    address = "https://ok.example/a_(b)|c<d>/@everyone?q=[1]\\"
    line = link("Title", address, most=100)
    assert line == "[Title](https://ok.example/a_%28b%29%7Cc%3Cd%3E/%40everyone?q=%5B1%5D%5C)"
    assert words_in(line, "link") == ["Title"]
    assert link("Title", "https://ok.example/" + "x" * LONGEST_ADDRESS, most=100) == "Title"
    assert link("Title", None, most=100) == "Title"


def test_lengths_are_counted_as_discord_counts_at_most() -> None:
    assert [units("a"), units("é"), units("😀"), units("a😀")] == [1, 1, 2, 3]
    text = "".join(map(chr, range(0x10FF0, 0x11010)))
    assert units(text) == len(text.encode("utf-16-le")) // 2


def test_long_texts_are_read_in_linear_time() -> None:
    """Each of these would take minutes where a rule looked ahead without end."""
    for hostile in ("a.", "[(", "](", "@", ":", "1. ", "\n", " ", "\\", "www."):
        text = hostile * 50_000
        assert len(escape(text)) >= len(text)
