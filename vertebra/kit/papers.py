"""What papers that are handed out share: Markdown in which nothing of authors is a mark, texts any file can hold, private files."""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_MARKS = re.compile(r"([\\`*_\[\]<>|#~])")
# What may be typed or pasted, and no XML may hold: control characters, half characters, two that are none.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def plain(text: str) -> str:
    """A text of somebody on one line, in which nothing is read as a mark."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def paragraphs(text: str) -> str:
    """A text of the authors, line by line."""
    return "\n\n".join(plain(line) for line in text.splitlines() if line.strip())


def table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """Rows under a head, as Markdown."""
    lines = [head, tuple("---" for _cell in head), *rows]
    return "\n".join(
        "| " + " | ".join(cell if at == 1 else plain(cell) for cell in row) + " |"
        for at, row in enumerate(lines)
    )


def writable(content: Any) -> Any:
    """The content with a space for every character that a file cannot hold."""
    if isinstance(content, str):
        return _UNWRITABLE.sub(" ", content)
    if isinstance(content, dict):
        return {key: writable(value) for key, value in content.items()}
    return [writable(part) for part in content] if isinstance(content, list) else content


def keep_file(path: Path, content: bytes) -> None:
    """Write a file that only the server reads, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    whole = path.with_suffix(f"{path.suffix}.new")
    with open(whole, "wb", opener=_private) as file:
        file.write(content)
    whole.replace(path)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
