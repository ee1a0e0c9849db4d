"""Markdown as each chat tool writes it, with nothing in it that calls everybody."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_CALLS = re.compile(r"@(?=all\b|channel\b|here\b)", re.IGNORECASE)
_MARKS = {
    "strong_open": "*",
    "strong_close": "*",
    "em_open": "_",
    "em_close": "_",
    "s_open": "~",
    "s_close": "~",
}


@cache
def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).enable(["strikethrough"])


@lru_cache(maxsize=64)
def for_slack(text: str) -> str:
    """Markdown as Slack's own marks: nothing of it is a mention, a channel or a command."""
    lines: list[str] = []
    depth, numbers, heading, quoted = 0, [0], False, 0
    for token in _reader().parse(text):
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            depth += 1
            numbers.append(int(token.attrGet("start") or 1) if token.type.startswith("ordered") else 0)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            depth -= 1
            numbers.pop()
            if not depth:
                lines.append("")
        elif token.type == "list_item_open":
            mark = f"{numbers[-1]}." if numbers[-1] else "•"
            numbers[-1] += bool(numbers[-1])
            lines.append(f"{'    ' * (depth - 1)}{mark} ")
        elif token.type in {"blockquote_open", "blockquote_close"}:
            quoted += 1 if token.type == "blockquote_open" else -1
        elif token.type in {"heading_open", "heading_close"}:
            heading = token.type == "heading_open"
        elif token.type in {"fence", "code_block"}:
            lines += [f"```{_plain(token.content).rstrip()}```", ""]
        elif token.type == "hr":
            lines += ["———", ""]
        elif token.type == "inline":
            _add(lines, _inline(token.children or []), depth=depth, is_heading=heading, is_quoted=quoted > 0)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _add(lines: list[str], said: str, *, depth: int, is_heading: bool, is_quoted: bool) -> None:
    if is_heading:
        said = f"*{said.replace('*', '')}*"
    if is_quoted:
        said = "\n".join(f"> {line}" for line in said.split("\n"))
    if depth and lines and lines[-1].rstrip().endswith(("•", ".")):
        lines[-1] += said
    else:
        lines += [said] if depth else [said, ""]


def _inline(tokens: list[Token]) -> str:
    found: list[str] = []
    goes_to = ""
    for token in tokens:
        if token.type == "text":
            found.append(_plain(token.content))
        elif token.type in _MARKS:
            found.append(_MARKS[token.type])
        elif token.type == "code_inline":
            found.append(f"`{_plain(token.content)}`")
        elif token.type in {"softbreak", "hardbreak"}:
            found.append("\n")
        elif token.type == "link_open":
            goes_to = str(token.attrGet("href") or "")
            found.append(f"<{_address(goes_to)}|" if _is_web(goes_to) else "")
        elif token.type == "link_close":
            found.append(">" if _is_web(goes_to) else "")
        elif token.type == "image":
            found.append(_plain(token.content))
    return "".join(found)


def _is_web(address: str) -> bool:
    return address.startswith(("http://", "https://", "mailto:"))


def _address(address: str) -> str:
    return _plain(address).replace("|", "%7C")


def _plain(text: str) -> str:
    """The three characters that Slack reads as the start of something."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def for_mattermost(text: str) -> str:
    """Markdown as it is, with the mentions that would call a whole channel taken apart."""
    return _CALLS.sub("@\u200b", text)
