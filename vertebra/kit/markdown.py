"""What people write as Markdown, shown as HTML that can do no harm, and as the text of a mail."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import nh3
from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

TAGS = {
    "p", "br", "em", "strong", "del", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr",
    "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "img",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}, "img": {"src", "alt", "loading"}}
MOST = 50_000
# An image is one of our own files: any other address would be called by each reader's browser.
_OWN_IMAGE = re.compile(
    r"/(?![/\\])(?:[\w\-./]{0,300}/image/|[\w\-./]{1,300}\.(?:png|jpe?g|gif|webp|avif))", re.I | re.A
)
_OWN_LINK = re.compile(r'href="/(?![/\\])')
_TO = r"\(\s{0,3}<?((?:[^()\s<>]|\([^()\s]{0,200}\)){1,500})>?(?:[ \t]+\"[^\"\n]{0,200}\")?\s{0,3}\)"
# What only marks a text up, where nothing can be set in bold.
_TITLE = re.compile(r"^#{1,6}[ \t]+(.{1,500}?)[ \t]*#*$", re.MULTILINE)
_IMAGE = re.compile(r"!\[([^]\n]{0,300})]" + _TO)
_LINK = re.compile(r"(?<!!)\[([^]\n]{1,300})]" + _TO)
_SET = (
    (re.compile(r"(\*\*|__)(?=\S)(.{1,500}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![*\w])\*(?=\S)([^*\n]{1,500})(?<=\S)\*(?![*\w])"), r"\1"),
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a link of a text leads, or what an image shows, as it is written."""

    text: str
    is_image: bool = False


def _made(*rules: str, **options: Any) -> "MarkdownIt":
    """A reader of Markdown with tables, where no HTML passes."""
    from markdown_it import MarkdownIt  # loaded by the first text to show, not at start

    return MarkdownIt("commonmark", {"html": False, **options}).enable(["table", *rules])


@cache
def _reader() -> "MarkdownIt":
    """What shows a text: a line breaks where one was typed."""
    reader = _made("strikethrough", breaks=True)
    reader.add_render_rule("image", _image)
    return reader


@cache
def _blocks() -> "MarkdownIt":
    """The same, as far as which lines are a table."""
    return _made().disable("inline")


@cache
def _addresses() -> "MarkdownIt":
    """The same, for what is written as a link, whatever it leads to."""
    reader = _made()
    reader.validateLink = lambda url: True  # type: ignore[method-assign]
    reader.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return reader


def _image(self: Any, tokens: "Sequence[Token]", index: int, options: Any, env: Any) -> str:
    """An image of ours; a link with what it shows for one of another site, or for whoever reads elsewhere."""
    token = tokens[index]
    source = str(token.attrs.get("src", ""))
    words = escape(self.renderInlineAsText(token.children or [], options, env).strip())
    own = source.removeprefix(settings.PUBLIC_URL) if source.startswith(f"{settings.PUBLIC_URL}/") else source
    if not env["is_elsewhere"] and _OWN_IMAGE.fullmatch(own):
        return f'<img src="{escape(own)}" alt="{words}" loading="lazy">'
    if token.meta.get("is_in_link"):
        return words or str(escape(source))
    return f'<a href="{escape(source)}">{words or escape(source)}</a>'


def _mark_links(tokens: "Sequence[Token]") -> None:
    """Mark the images that a link already leads away from: a link holds no other."""
    for token in tokens:
        is_in_link = False
        for child in token.children or ():
            is_in_link = child.type == "link_open" or (is_in_link and child.type != "link_close")
            child.meta["is_in_link"] = is_in_link


def render(text: str, *, base: str = "") -> SafeString:
    """The text as safe HTML: titles become small ones, links tell nothing of where they were clicked.

    Read elsewhere than here (a mail, a feed), `base` begins our own addresses, and images become links.
    """
    reader, env = _reader(), {"is_elsewhere": bool(base)}
    tokens = reader.parse(text.replace("\x00", "")[:MOST], env)
    _mark_links(tokens)
    html = str(reader.renderer.render(tokens, reader.options, env))
    for level in (2, 1):
        html = html.replace(f"<h{level}>", "<h3>").replace(f"</h{level}>", "</h3>")
    if base:
        html = _OWN_LINK.sub(lambda _begun: f'href="{escape(base)}/', html)
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(clean)  # noqa: S308 (nh3 cleaned it)


def plain(text: str, *, base: str = "") -> str:
    """The text as a plain mail says it: titles, bold, links and images without their marks, each row of a table a line."""
    if "|" in text:
        text = _with_rows_as_lines(text)

    def led(match: re.Match[str]) -> str:
        words, address = match[1].strip(), match[2]
        is_own = address.startswith("/") and not address.startswith(("//", "/\\"))
        address = f"{base}{address}" if is_own else address
        return f"{words} ({address})" if words else address

    text = _LINK.sub(led, _IMAGE.sub(led, _TITLE.sub(r"\1", text)))
    for marks, left in _SET:
        text = marks.sub(left, text)
    return text


def _with_rows_as_lines(text: str) -> str:
    """Tables as a list: each row is a line that says what each of its cells is."""
    # Markdown ends a line at each of the three ends of a line, and counts so.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text, rest = text[:MOST], text[MOST:]
    lines, tokens = text.split("\n"), _blocks().parse(text)
    done, found = 0, list[str]()
    header, row = list[str](), list[str]()
    for before, token in pairwise(tokens):
        if token.type == "table_open" and token.map:
            found += lines[done : token.map[0]]
            done, header = token.map[1], []
        elif token.type == "tr_open":
            row = []
        elif before.type in ("th_open", "td_open"):
            row.append(" ".join(token.content.split()))
        elif token.type == "tr_close" and not header:
            header = row
        elif token.type == "tr_close":
            found.append(_row(header, row))
    return "\n".join([*found, *lines[done:]]) + rest


def _row(header: Sequence[str], row: Sequence[str]) -> str:
    cells = [f"{name}: {cell}" if name else cell for name, cell in zip(header, row, strict=False) if cell]
    return f"- {' · '.join(cells)}"


def addresses(text: str) -> list[Address]:
    """Where the links of a text lead and what its images show, as they are written, each once."""
    found: dict[Address, None] = {}
    for token in _addresses().parse(text.replace("\x00", "")[:MOST]):
        for child in token.children or ():
            name = {"link_open": "href", "image": "src"}.get(child.type)
            if name is not None:
                found[Address(str(child.attrs.get(name, "")).strip(), child.type == "image")] = None
    return list(found)
