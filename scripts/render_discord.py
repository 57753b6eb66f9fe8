"""Draw Discord messages as people see them: a payload in, a picture out.

A file holds a list of messages as JSON. ``components`` are Components V2 as Discord's API has them;
what stands around them is said by the other fields, of which only ``author`` is required:

    [{"author": "Pullquote", "is_app": true, "command": {"user": "ada", "name": "ask"},
      "time": "9:41 AM", "ephemeral": false, "content": "", "names": {"81384788765712384": "ada"},
      "components": [{"type": 10, "content": "Hello, **world**"}]}]

``names`` says who or what an id in a mention is. A message that answers another has ``reply``, an
``author`` and ``content``, instead of ``command``. Each file becomes one PNG beside it, or in
``--out``; "-" reads standard input:

    python scripts/render_discord.py answer.json articles.json --out docs/images
    some-program | python scripts/render_discord.py - --out docs/images/answer.png --width 760

The picture is as wide as a phone unless ``--width`` says otherwise, as high as its messages, and
has two pixels for one of the page. Colours and sizes stand in ``discord.css``.

It needs Chromium, a text font and colour emoji; on Debian and Ubuntu:

    apt-get install chromium fonts-inter fonts-noto-core fonts-noto-mono fonts-noto-color-emoji

With pngquant beside these the pictures are a third as large.

Markdown is read as Discord reads it, not as other programs do: a backslash takes the meaning from
any mark, a quote ends with its line, ``-#`` is small print, and HTML means nothing.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from html import escape
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any

Names = Mapping[str, str]
"""Who or what an id in a mention is, by the id's digits."""
NOBODY: Names = MappingProxyType({})

Component = Mapping[str, Any]
Message = Mapping[str, Any]

STYLE = Path(__file__).with_name("discord.css")
PHONE = 420
"""Pixels of the page; at most ``WIDEST_PHONE`` the margins are those of a phone."""
WIDEST_PHONE = 500
PATIENCE = 60
"""Seconds in which the browser must be done."""
COLOURS = "64"
"""So many have all shades of text and the emoji on buttons, to the eye."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")

# One drawing serves small and large; no picture is fetched from anywhere.
QUOTATION_MARK = (
    '<svg viewBox="0 0 24 24"><path d="M10.4 5C6 6.6 3.3 10 3.3 14.6c0 2.7 1.6 4.4 3.8 4.4 2 0 '
    "3.5-1.5 3.5-3.5 0-1.9-1.3-3.3-3.1-3.3-.4 0-.8 0-1 .2.4-2.2 2.2-4.4 4.7-5.6zM20.4 5c-4.4 "
    "1.6-7.1 5-7.1 9.6 0 2.7 1.6 4.4 3.8 4.4 2 0 3.5-1.5 3.5-3.5 0-1.9-1.3-3.3-3.1-3.3-.4 0-.8 "
    '0-1 .2.4-2.2 2.2-4.4 4.7-5.6z"/></svg>'
)
EYE = (
    '<svg viewBox="0 0 24 24"><path fill-rule="evenodd" d="M12 5C6.6 5 2.9 9 1.6 11.4a1.3 1.3 0 0 '
    "0 0 1.2C2.9 15 6.6 19 12 19s9.1-4 10.4-6.400a1.3 1.3 0 0 0 0-1.200C21.1 9 17.4 5 "
    '12 5zm0 11a4 4 0 1 1 0-8 4 4 0 0 1 0 8zm0-2a2 2 0 1 0 0-4 2 2 0 0 0 0 4z"/></svg>'
)
LEAVES = (
    '<svg viewBox="0 0 24 24"><path d="M14 3h7v7h-2V6.400l-8.3 8.3-1.4-1.400L17.6 5H14z"/>'
    '<path d="M5 5h6v2H6v11h11v-5h2v6a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1z"/></svg>'
)
CHEVRON = (
    '<svg viewBox="0 0 24 24"><path d="M5.3 9.300l1.4-1.4 5.3 5.3 5.3-5.3 1.4 '
    '1.4-6.7 6.700z"/></svg>'
)


def markdown_to_html(text: str, names: Names = NOBODY) -> str:
    """Write ``text`` as HTML that looks as Discord shows it.

    The only tags in what is returned are ours: all that comes from ``text`` is escaped.
    """
    html = []
    for place, part in enumerate(FENCED.split(text.strip())):
        if place % 2:
            html.append(f"<pre><code>{escape(part)}</code></pre>")
        elif part:
            html.append(_blocks(part, names))
    return "".join(html)


# The blocks: what a line is, is said by how it begins.

FENCED = re.compile(r"\n?(?<![\\`])```(?:[\w+#-]*\n)?\n*(.*?[^\s`].*?)\n*```\n?", re.DOTALL)
QUOTE_TO_THE_END = re.compile(r"^ *>>> (.*)", re.DOTALL | re.MULTILINE)
QUOTE = re.compile(r" *> (.*)")
HEADING = re.compile(r" *(#{1,3}) +(\S.*)")
SMALL = re.compile(r" *-# +(\S.*)")
ITEM = re.compile(r"( *)(?:[-*]|(\d{1,9})\.) +(\S.*)")


def _blocks(text: str, names: Names, *, quoted: bool = False) -> str:
    """Write lines as blocks; in a quote, no other quote begins."""
    rest = None if quoted else QUOTE_TO_THE_END.search(text)
    if rest:
        before = _blocks(text[: rest.start() - 1], names) if rest.start() else ""
        return f"{before}<blockquote>{_blocks(rest[1], names, quoted=True)}</blockquote>"

    def writer(line: str) -> Callable[[list[str], Names], str]:
        kinds = BLOCKS[quoted:]
        return next((write for form, write in kinds if form.match(line)), _paragraph)

    runs = groupby(text.split("\n"), writer)
    return "".join(write(list(lines), names) for write, lines in runs)


def _quote(lines: list[str], names: Names) -> str:
    inside = "\n".join(QUOTE.sub(r"\1", line) for line in lines)
    return f"<blockquote>{_blocks(inside, names, quoted=True)}</blockquote>"


def _headings(lines: list[str], names: Names) -> str:
    found = [HEADING.match(line) for line in lines]
    levels = [(len(one[1]), _inline(one[2], names)) for one in found if one]
    return "".join(f"<h{level}>{title}</h{level}>" for level, title in levels)


def _small(lines: list[str], names: Names) -> str:
    texts = [SMALL.sub(r"\1", line) for line in lines]
    return "".join(f"<small>{_inline(text, names)}</small>" for text in texts)


def _list(lines: list[str], names: Names) -> str:
    """Write items as flat lists, each indented by its depth; numbers count from the first."""
    items = [one for line in lines if (one := ITEM.match(line))]
    html = []
    for (depth, numbered), run in groupby(items, lambda one: (len(one[1]) // 2, bool(one[2]))):
        same = list(run)
        inside = "".join(f"<li>{_inline(one[3], names)}</li>" for one in same)
        start = f' start="{int(same[0][2])}"' if numbered else ""
        tag = "ol" if numbered else "ul"
        html.append(f'<{tag}{start} style="--depth:{depth}">{inside}</{tag}>')
    return "".join(html)


def _paragraph(lines: list[str], names: Names) -> str:
    # Every line ends in a line feed, and the style keeps them: an empty line takes its room.
    inside = _inline("\n".join(lines), names)
    return f'<div class="text">{inside}\n</div>'


BLOCKS = ((QUOTE, _quote), (HEADING, _headings), (SMALL, _small), (ITEM, _list))


# The marks in a line. Of the rules that fit where it stands Discord takes the longest match.

MOST_NESTED = 20
"""Marks inside so many others are text: nobody could see them, and Python counts its calls."""


def _inline(text: str, names: Names, depth: int = 0) -> str:
    if depth == MOST_NESTED:
        return escape(text)
    html, at = [], 0
    while at < len(text):
        found = [(rule.match(text, at), write) for rule, write in MARKS]
        fits = [(one, write) for one, write in found if one]
        match, write = max(fits, key=lambda fit: fit[0].end())
        html.append(write(match, names, depth))
        at = match.end()
    return "".join(html)


def _wrap(opening: str, closing: str) -> Callable[[re.Match[str], Names, int], str]:
    def write(match: re.Match[str], names: Names, depth: int) -> str:
        return f"{opening}{_inline(match[1], names, depth + 1)}{closing}"

    return write


def _as_it_is(match: re.Match[str], *_: object) -> str:
    return escape(match[match.lastindex or 0])


def _code(match: re.Match[str], *_: object) -> str:
    return f"<code>{escape(match['code'].strip())}</code>"


def _masked_link(match: re.Match[str], names: Names, depth: int) -> str:
    # Discord shows a link whose words are themselves an address as it was typed: it could lie.
    if re.search(r"https?://", match["words"]):
        return escape(match[0])
    address = ESCAPE.sub(r"\1", match["address"])
    return f'<a href="{escape(address)}">{_inline(match["words"], names, depth + 1)}</a>'


def _address(match: re.Match[str], *_: object) -> str:
    address = escape(match[1])
    return f'<a href="{address}">{address}</a>'


def _mention(match: re.Match[str], names: Names, *_: object) -> str:
    unknown = {"#": "unknown", "@": "unknown-user", "@&": "unknown-role"}[match["kind"]]
    name = names.get(match["id"], unknown)
    return f'<span class="mention">{match["kind"][0]}{escape(name)}</span>'


def _pill(match: re.Match[str], *_: object) -> str:
    return f'<span class="mention">{escape(match[1])}</span>'


def _time(match: re.Match[str], *_: object) -> str:
    moment = datetime.fromtimestamp(int(match["seconds"]), UTC)
    form = TIMES.get(match["style"], "%-d %B %Y %H:%M")
    return f'<span class="time">{moment.strftime(form)}</span>'


TIMES = {"t": "%H:%M", "T": "%H:%M:%S", "d": "%d/%m/%Y", "D": "%-d %B %Y", "R": "%-d %b %Y"}
MASKED_LINK = (
    r"\[(?P<words>(?:\[[^\]]*\]|[^\[\]])+)\]"
    r"\(<?(?P<address>https?://(?:\\.|\([^()\s]*\)|[^\s\\()>])+)>?(?: +\"[^\"]*\")?\)"
)
ESCAPE = re.compile(r"\\([^0-9A-Za-z\s])")
MARKS = tuple(
    (re.compile(rule, re.DOTALL), write)
    for rule, write in (
        (ESCAPE.pattern, _as_it_is),
        (r"(?P<ticks>`++)(?P<code>.*?[^`])(?P=ticks)(?!`)", _code),
        (MASKED_LINK, _masked_link),
        (r"<(https?://[^\s<>]+)>", _address),
        (r"(https?://(?:\([^()\s<]*\)|[^\s<()])*(?:\([^()\s<]*\)|[^\s<().,:;\"'\]]))", _address),
        (r"<(?P<kind>@&?|#)!?(?P<id>\d+)>", _mention),
        (r"<(/[\w -]+):\d+>", _pill),
        (r"(@everyone|@here)", _pill),
        (r"<a?(:\w+:)\d+>", _as_it_is),
        (r"<t:(?P<seconds>\d{1,11})(?::(?P<style>[tTdDfFR]))?>", _time),
        (r"_((?:__|\\.|[^\\_])+?)_\b", _wrap("<em>", "</em>")),
        (
            r"\*(?=\S)((?:\*\*|\\.|\s+(?:\\.|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)",
            _wrap("<em>", "</em>"),
        ),
        (r"\*\*((?:\\.|[^\\])+?)\*\*(?!\*)", _wrap("<strong>", "</strong>")),
        (r"__((?:\\.|[^\\])+?)__(?!_)", _wrap("<u>", "</u>")),
        (r"~~((?:\\.|[^\\])+?)~~", _wrap("<s>", "</s>")),
        (r"\|\|((?:\\.|[^\\])+?)\|\|", _wrap('<span class="spoiler">', "</span>")),
        # Whatever is left is text, up to where the next mark could begin.
        (r"[^\W_]+|.", _as_it_is),
    )
)
"""What a mark looks like, and what writes it; where two fit equally long, the first counts."""


# The components, and the message around them.


def component_to_html(component: Component, names: Names = NOBODY) -> str:
    """Draw one component of a message, with all that it holds."""
    draw = COMPONENTS.get(component["type"])
    if draw is None:
        return f'<div class="undrawn">component of type {int(component["type"])}, not drawn</div>'
    return draw(component, names)


def _all(components: list[Component], names: Names) -> str:
    return "".join(component_to_html(one, names) for one in components)


def _row(component: Component, names: Names) -> str:
    return f'<div class="row">{_all(component["components"], names)}</div>'


def _button(component: Component, _: Names) -> str:
    colour = {1: "blurple", 3: "green", 4: "red"}.get(component["style"], "grey")
    disabled = " disabled" if component.get("disabled") else ""
    emoji, label = component.get("emoji"), component.get("label")
    inside = f"<i>{escape(emoji['name'])}</i>" if emoji else ""
    inside += f"<span>{escape(label)}</span>" if label else ""
    inside += LEAVES if component.get("url") else ""
    return f'<div class="button {colour}{disabled}">{inside}</div>'


def _select(component: Component, _: Names) -> str:
    chosen = [one["label"] for one in component.get("options", ()) if one.get("default")]
    shown = ", ".join(chosen) or component.get("placeholder") or "Make a selection"
    return f'<div class="select">{escape(shown)}{CHEVRON}</div>'


def _section(component: Component, names: Names) -> str:
    beside = component_to_html(component["accessory"], names)
    return f'<div class="section"><div>{_all(component["components"], names)}</div>{beside}</div>'


def _text_display(component: Component, names: Names) -> str:
    return f'<div class="markup">{markdown_to_html(component["content"], names)}</div>'


def _separator(component: Component, _: Names) -> str:
    line = "line" if component.get("divider", True) else "bare"
    space = ("small", "large")[component.get("spacing", 1) - 1]
    return f'<hr class="{line} {space}">'


def _container(component: Component, names: Names) -> str:
    colour = component.get("accent_color")
    accent = "" if colour is None else f' style="--accent:#{colour:06x}"'
    return f'<div class="container"{accent}>{_all(component["components"], names)}</div>'


COMPONENTS = {
    1: _row,
    2: _button,
    3: _select,
    9: _section,
    10: _text_display,
    14: _separator,
    17: _container,
}


def message_to_html(message: Message) -> str:
    """Draw one message: who wrote it and when, what it says, and its components."""
    names = message.get("names", NOBODY)
    text = message.get("content", "")
    components = message.get("components", ())
    ephemeral = bool(message.get("ephemeral"))
    parts = [
        _above(message),
        _avatar(message["author"], "avatar", is_app=bool(message.get("is_app"))),
        _head(message),
        f'<div class="markup">{markdown_to_html(text, names)}</div>' if text else "",
        f'<div class="components">{_all(components, names)}</div>' if components else "",
        FOOT if ephemeral else "",
    ]
    return f'<div class="message{" ephemeral" if ephemeral else ""}">{"".join(parts)}</div>'


FOOT = f'<div class="foot">{EYE}Only you can see this • <a>Dismiss message</a></div>'
FACES = ("#3ba55c", "#d8714c", "#c64b8c", "#3f7fd0", "#8a63d2")


def _avatar(author: str, size: str, *, is_app: bool = False) -> str:
    """Draw an app as a quotation mark, a person as the first letter of the name."""
    colour = "#5865f2" if is_app else FACES[sum(map(ord, author)) % len(FACES)]
    inside = QUOTATION_MARK if is_app else escape(author[:1].upper())
    return f'<div class="{size}" style="background:{colour}">{inside}</div>'


def _above(message: Message) -> str:
    """Draw the line above a message: the command that it answers, or the message."""
    if command := message.get("command"):
        who, rest = command["user"], f"used <em>/{escape(command['name'])}</em>"
    elif reply := message.get("reply"):
        who, rest = reply["author"], _inline(reply["content"], message.get("names", NOBODY))
    else:
        return ""
    return f'<div class="above">{_avatar(who, "face")}<b>{escape(who)}</b><span>{rest}</span></div>'


def _head(message: Message) -> str:
    badge = '<span class="badge">APP</span>' if message.get("is_app") else ""
    time = escape(message.get("time", "9:41 AM"))
    return f'<div class="head"><b>{escape(message["author"])}</b>{badge}<time>{time}</time></div>'


def messages_to_html(messages: list[Message], width: int = PHONE) -> str:
    """Write the whole page, ``width`` pixels wide; the page itself says how high it is.

    The browser has a least width of its own, so the width is a style and not the window's.
    """
    device = "phone" if width <= WIDEST_PHONE else "desktop"
    inside = "".join(message_to_html(message) for message in messages)
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        f"<style>{STYLE.read_text(encoding='utf-8')}</style>"
        f'<body class="{device}" style="width:{width}px"><main>{inside}</main>'
        "<script>document.documentElement.dataset.height ="
        "Math.ceil(document.querySelector('main').getBoundingClientRect().height)</script>"
    )


# The browser.


class NotDrawn(Exception):
    """There is no picture; the text is one line that says why."""


def draw_page(html: str, picture: Path, *, width: int, browser: str) -> None:
    """Make ``picture`` of a page: once to learn its height, once to draw it.

    Raises:
        NotDrawn: the browser failed, or took more than a minute.
    """
    picture.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        page = Path(folder, "page.html")
        page.write_text(html, encoding="utf-8")
        dom = _browse(browser, page, "--dump-dom", f"--window-size={width},600")
        height = re.search(r'<html[^>]* data-height="(\d+)"', dom)
        if height is None:
            raise NotDrawn(f"{browser} did not say how high the page is")
        size = f"--window-size={width},{height[1]}"
        drawn = Path(folder, "page.png")
        _browse(browser, page, f"--screenshot={drawn}", size)
        if not drawn.exists():
            raise NotDrawn(f"{browser} made no picture")
        _shrink(drawn)
        shutil.copyfile(drawn, picture)


def _browse(browser: str, page: Path, *arguments: str) -> str:
    command = [
        browser,
        "--headless",
        "--no-sandbox",  # without it Chromium refuses to run in most containers
        "--disable-gpu",
        "--hide-scrollbars",
        "--force-device-scale-factor=2",
        f"--user-data-dir={page.parent / 'profile'}",
        *arguments,
        page.as_uri(),
    ]
    try:
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", check=True, timeout=PATIENCE
        )
    except OSError as error:
        raise NotDrawn(f"{browser} cannot be started: {error.strerror}") from error
    except subprocess.TimeoutExpired as error:
        raise NotDrawn(f"{browser} took more than {PATIENCE} seconds") from error
    except subprocess.CalledProcessError as error:
        said = error.stderr.strip().rpartition("\n")[2] or f"status {error.returncode}"
        raise NotDrawn(f"{browser} failed: {said}") from error
    return done.stdout


def _shrink(picture: Path) -> None:
    """Leave a picture few colours, where pngquant is installed; if it fails, all that it has."""
    program = shutil.which("pngquant")
    if program:
        options = ("--force", "--strip", "--speed", "1", "--ext", ".png")
        subprocess.run([program, *options, COLOURS, str(picture)], check=False, timeout=PATIENCE)


def main() -> None:
    """Draw every file that was named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("files", nargs="+", help='JSON files of messages; "-" is standard input')
    parser.add_argument("--out", type=Path, help="a folder, or with one file the picture's name")
    parser.add_argument("--width", type=int, default=PHONE, help="pixels of the page (%(default)s)")
    parser.add_argument("--browser", default=next(filter(shutil.which, BROWSERS), None))
    options = parser.parse_args()
    if options.browser is None:
        parser.error(f"no browser found ({', '.join(BROWSERS)}); install one or name it: --browser")
    if len(options.files) > 1 and options.out and options.out.suffix == ".png":
        parser.error("several files need a folder to go to: --out")
    for name in options.files:
        picture = _picture(name, options.out)
        try:
            text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
            html = messages_to_html(json.loads(text), options.width)
            draw_page(html, picture, width=options.width, browser=options.browser)
        except (OSError, ValueError, NotDrawn) as error:
            sys.exit(f"render_discord: {name}: {error}")
        print(picture)


def _picture(name: str, out: Path | None) -> Path:
    """Where the picture of a file goes."""
    if out is not None and out.suffix == ".png":
        return out
    own = Path("messages.json" if name == "-" else name).with_suffix(".png")
    return own if out is None else out / own.name


if __name__ == "__main__":
    main()
