"""What stands in the pictures of Discord: the Markdown and the components, without a browser."""

from __future__ import annotations

import html
import re
import string
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.render_discord import (
    MOST_NESTED,
    component_to_html,
    markdown_to_html,
    message_to_html,
    messages_to_html,
)

ROOT = Path(__file__).resolve().parent.parent

OURS = "a blockquote code div em h1 h2 h3 li ol pre s small span strong u ul".split()
TAG = re.compile(r"</?([a-z0-9]+)(?: [a-z]+=\"[^\"<>]*\")*>")
MARKS = st.sampled_from([*"*_~|`>#-<@&[]()\\ \n\"'", "https://a.b", "**", "```", "<@1>", "</b>"])
TEXTS = st.lists(st.one_of(MARKS, st.text(max_size=6)), max_size=30).map("".join)


def shown(markdown: str) -> str:
    """What a person reads: the text between the tags."""
    return html.unescape(TAG.sub("", markdown_to_html(markdown))).strip()


def line(markdown: str) -> str:
    """The HTML of one plain line, without the block around it."""
    return markdown_to_html(markdown).removeprefix('<div class="text">').removesuffix("\n</div>")


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("**b**", "<strong>b</strong>"),
        ("*i* and _i_", "<em>i</em> and <em>i</em>"),
        ("***both***", "<em><strong>both</strong></em>"),
        ("__under__", "<u>under</u>"),
        ("~~gone~~", "<s>gone</s>"),
        ("||end||", '<span class="spoiler">end</span>'),
        ("`a **b**`", "<code>a **b**</code>"),
        ("``a ` b``", "<code>a ` b</code>"),
        ("**a _b_ c**", "<strong>a <em>b</em> c</strong>"),
        ("**over\nlines**", "<strong>over\nlines</strong>"),
        ("snake_case_name", "snake_case_name"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("**open", "**open"),
    ],
)
def test_marks_in_a_line_are_drawn_as_discord_draws_them(markdown: str, expected: str) -> None:
    assert line(markdown) == expected


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        (r"\*\*b\*\*", "**b**"),
        (r"\# no heading", "# no heading"),
        (r"\> no quote", "&gt; no quote"),
        (r"\-# no small print", "-# no small print"),
        (r"1\. no list", "1. no list"),
        (r"\<@123>", "&lt;@123&gt;"),
        (r"**a \*\* b**", "<strong>a ** b</strong>"),
        (r"\\**b**", r"\<strong>b</strong>"),
        (r"C:\new", r"C:\new"),
    ],
)
def test_a_backslash_takes_the_meaning_from_a_mark(markdown: str, expected: str) -> None:
    assert line(markdown) == expected


@given(text=TEXTS)
def test_text_with_every_sign_escaped_is_shown_as_it_is(text: str) -> None:
    escaped = re.sub(f"([{re.escape(string.punctuation)}])", r"\\\1", text)
    assert shown(escaped) == text.strip()
    assert set(TAG.findall(markdown_to_html(escaped))) <= {"div"}


@given(text=TEXTS)
def test_no_text_becomes_a_tag_of_its_own(text: str) -> None:
    drawn = markdown_to_html(text)
    assert set(TAG.findall(drawn)) <= set(OURS)
    assert not set("<>") & set(TAG.sub("", drawn))


@pytest.mark.parametrize("mark", ["*", "_", "**", "__", "~~", "||", "[", "*_", "**__"])
def test_a_run_of_marks_is_drawn_however_long_it_is(mark: str) -> None:
    drawn = markdown_to_html(f"{mark * 2_000}news{mark[::-1] * 2_000}")
    assert "news" in drawn
    # The block around the text is one more.
    assert not re.search(rf"(?:<[a-z][^<>]*>){{{MOST_NESTED + 2}}}", drawn)


def test_html_in_a_quote_is_read_and_not_obeyed() -> None:
    drawn = markdown_to_html('> <script>alert("x")</script> &amp; **<b>**')
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp;amp;" in drawn
    assert "<strong>&lt;b&gt;</strong>" in drawn


def test_lines_of_a_quote_share_one_bar_and_small_print_follows_it() -> None:
    assert markdown_to_html("> one\n> two\n-# **1** · undated") == (
        '<blockquote><div class="text">one\ntwo\n</div></blockquote>'
        "<small><strong>1</strong> · undated</small>"
    )


def test_three_angles_quote_all_that_follows() -> None:
    before, quote = markdown_to_html("said\n>>> one\n> two").split("<blockquote>")
    assert before == '<div class="text">said\n</div>'
    assert quote == '<div class="text">one\n&gt; two\n</div></blockquote>'


def test_headings_have_three_sizes_and_a_fourth_is_text() -> None:
    drawn = markdown_to_html("# A\n## B\n### C\n#### D")
    assert drawn == '<h1>A</h1><h2>B</h2><h3>C</h3><div class="text">#### D\n</div>'


def test_lists_keep_their_depth_and_their_first_number() -> None:
    assert markdown_to_html("- a\n  - b\n3. c\n4. d") == (
        '<ul style="--depth:0"><li>a</li></ul><ul style="--depth:1"><li>b</li></ul>'
        '<ol start="3" style="--depth:0"><li>c</li><li>d</li></ol>'
    )


def test_an_empty_line_takes_its_room() -> None:
    assert markdown_to_html("a\n\nb\n") == '<div class="text">a\n\nb\n</div>'
    assert markdown_to_html("a\n\n> b").startswith('<div class="text">a\n\n</div><blockquote>')


def test_nothing_is_a_mark_in_fenced_code() -> None:
    drawn = markdown_to_html("see\n```py\n# **a** <b>\n```\nend")
    assert "<pre><code># **a** &lt;b&gt;</code></pre>" in drawn
    assert shown("\\`\\`\\`a\\`\\`\\`") == "```a```"


@pytest.mark.parametrize(
    ("markdown", "address", "words"),
    [
        ("[the **story**](https://a.b/c)", "https://a.b/c", "the <strong>story</strong>"),
        ("[a [1] b](<https://a.b/c_(d)>)", "https://a.b/c_(d)", "a [1] b"),
        ("[a](https://a.b/#:~:text=x%20y,-z)", "https://a.b/#:~:text=x%20y,-z", "a"),
        (r"[\[1\]](https://a.b/\_c)", "https://a.b/_c", "[1]"),
        ('[a](https://a.b "title")', "https://a.b", "a"),
        ("<https://a.b/?c=d&e>", "https://a.b/?c=d&amp;e", "https://a.b/?c=d&amp;e"),
    ],
)
def test_links_show_their_words(markdown: str, address: str, words: str) -> None:
    assert line(markdown) == f'<a href="{address}">{words}</a>'


def test_an_address_in_text_ends_before_the_punctuation() -> None:
    assert line("(https://a.b/c_(d)).") == ('(<a href="https://a.b/c_(d)">https://a.b/c_(d)</a>).')


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "a.b"])
def test_only_web_addresses_become_links(address: str) -> None:
    assert shown(f"[a]({address})") == f"[a]({address})"


def test_words_that_are_an_address_make_no_masked_link() -> None:
    assert shown("[https://good.example](https://bad.example)") == (
        "[https://good.example](https://bad.example)"
    )


def test_mentions_are_pills_with_the_names_that_are_known() -> None:
    names = {"1": "ada <3", "2": "news"}
    drawn = markdown_to_html("<@1> <@!1> <#2> <@&9> <@9> </ask:7> @everyone", names)
    pills = re.findall(r'<span class="mention">(.*?)</span>', drawn)
    assert pills[:4] == ["@ada &lt;3", "@ada &lt;3", "#news", "@unknown-role"]
    assert pills[4:] == ["@unknown-user", "/ask", "@everyone"]


def test_times_are_shown_in_utc() -> None:
    assert shown("<t:1730289600:D> <t:1730289600:t>") == "30 October 2024 12:00"


BUTTON: dict[str, Any] = {"type": 2, "style": 2, "label": "More", "custom_id": "x"}


@pytest.mark.parametrize(
    ("fields", "classes"),
    [
        ({"style": 1}, "button blurple"),
        ({"style": 2}, "button grey"),
        ({"style": 3}, "button green"),
        ({"style": 4, "disabled": True}, "button red disabled"),
        ({"style": 5, "url": "https://a.b"}, "button grey"),
    ],
)
def test_a_button_has_the_colour_of_its_style(fields: dict[str, Any], classes: str) -> None:
    drawn = component_to_html({**BUTTON, **fields})
    assert f'class="{classes}"' in drawn
    assert ("<svg" in drawn) is ("url" in fields)


def test_a_button_s_label_is_text_and_no_markdown() -> None:
    drawn = component_to_html({**BUTTON, "label": "**<b>**", "emoji": {"name": "🔍"}})
    assert "<i>🔍</i><span>**&lt;b&gt;**</span>" in drawn


def test_a_container_has_its_accent_and_holds_the_rest() -> None:
    row = {"type": 1, "components": [BUTTON]}
    inside = [{"type": 10, "content": "> a"}, {"type": 14, "spacing": 2, "divider": False}, row]
    drawn = component_to_html({"type": 17, "accent_color": 255, "components": inside})
    assert drawn.startswith('<div class="container" style="--accent:#0000ff">')
    pieces = ["<blockquote>", '<hr class="bare large">', '<div class="row"><div class="button']
    assert sorted(pieces, key=drawn.index) == pieces


def test_a_container_without_a_colour_has_no_bar() -> None:
    assert "style" not in component_to_html({"type": 17, "components": []})


def test_a_section_shows_its_button_beside_its_text() -> None:
    text = {"type": 10, "content": "Title"}
    drawn = component_to_html({"type": 9, "components": [text], "accessory": BUTTON})
    assert drawn.index("Title") < drawn.index("More")


def test_a_choice_shows_what_is_chosen_or_its_placeholder() -> None:
    options = [{"label": "Every outlet", "default": True}, {"label": "One"}]
    assert ">Every outlet<" in component_to_html({"type": 3, "options": options})
    assert ">Outlet<" in component_to_html({"type": 3, "options": [], "placeholder": "Outlet"})


def test_what_cannot_be_drawn_says_so() -> None:
    assert "component of type 12, not drawn" in component_to_html({"type": 12, "items": []})


def test_an_answer_to_a_command_says_who_asked_and_that_an_app_speaks() -> None:
    command = {"user": "<ada>", "name": "ask"}
    drawn = message_to_html({"author": "Pullquote", "is_app": True, "command": command})
    assert "<b>&lt;ada&gt;</b><span>used <em>/ask</em></span>" in drawn
    assert '<b>Pullquote</b><span class="badge">APP</span>' in drawn
    assert "Only you can see this" not in drawn


def test_a_reply_shows_what_it_answers() -> None:
    reply = {"author": "ada", "content": "<@1> who **won**?"}
    drawn = message_to_html({"author": "Pullquote", "reply": reply, "names": {"1": "Pullquote"}})
    assert '<span class="mention">@Pullquote</span> who <strong>won</strong>?' in drawn


def test_what_only_one_person_sees_says_so() -> None:
    drawn = message_to_html({"author": "Pullquote", "ephemeral": True, "content": "hush"})
    assert "Only you can see this" in drawn


def test_a_person_has_no_badge_and_the_name_is_text() -> None:
    drawn = message_to_html({"author": "<i>ada", "content": "hi", "time": "9:40 AM"})
    assert "<b>&lt;i&gt;ada</b><time>9:40 AM</time>" in drawn
    assert "APP" not in drawn


def test_a_page_is_as_wide_as_asked_and_fetches_nothing() -> None:
    messages: list[Any] = [{"author": "ada", "content": "one"}, {"author": "bob", "content": "two"}]
    page = messages_to_html(messages, 760)
    assert '<body class="desktop" style="width:760px">' in page
    assert page.index(">one") < page.index(">two")
    assert not re.search(r"src=|url\(|@import|<link", page)


# What is run


def fails(browser: Path, folder: Path, text: str = "[]") -> list[str]:
    """What is said when a browser draws a file of messages, and does not succeed."""
    messages = folder / "messages.json"
    messages.write_text(text, encoding="utf-8")
    script = [sys.executable, str(ROOT / "scripts" / "render_discord.py"), str(messages)]
    command = [*script, "--browser", str(browser)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, messages.with_suffix(".png").exists()) == (1, "", False)
    return done.stderr.splitlines()


def browser_that(folder: Path, *lines: str) -> Path:
    program = folder / "browser"
    program.write_text("\n".join(["#!/bin/sh", *lines, ""]), encoding="utf-8")
    program.chmod(0o755)
    return program


def test_a_browser_that_fails_is_one_line(tmp_path: Path) -> None:
    browser = browser_that(tmp_path, "echo first >&2", "echo no display >&2", "exit 3")
    (line,) = fails(browser, tmp_path)
    assert line.endswith(f"messages.json: {browser} failed: no display")


def test_a_browser_that_says_nothing_is_one_line(tmp_path: Path) -> None:
    (line,) = fails(browser_that(tmp_path, "exit 3"), tmp_path)
    assert line.endswith("failed: status 3")
    (line,) = fails(browser_that(tmp_path, "exit 0"), tmp_path)
    assert line.endswith("did not say how high the page is")
    height = """echo '<html data-height="9">'"""
    (line,) = fails(browser_that(tmp_path, height), tmp_path)
    assert line.endswith("made no picture")


def test_a_browser_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    (line,) = fails(tmp_path / "nothing", tmp_path)
    assert line.endswith("cannot be started: No such file or directory")


def test_a_file_that_holds_no_messages_is_one_line(tmp_path: Path) -> None:
    (line,) = fails(browser_that(tmp_path, "exit 0"), tmp_path, text="no JSON")
    assert "messages.json: " in line
