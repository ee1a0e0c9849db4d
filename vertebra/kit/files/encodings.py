"""Which bytes stand for which letters."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from vertebra.kit.files.limits import Limits
from vertebra.kit.files.problems import Code, refuse

Source = Path | bytes

_CHUNK = 1 << 20
_SAMPLE = 200_000
# What office programs of the last thirty years write; without the list, rarer cousins of cp850 win.
_CANDIDATES = [
    "cp1252", "mac_roman", "cp850", "iso8859-15", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255",
    "cp1256", "shift_jis", "gb18030", "big5", "cp949", "koi8_r",
]  # fmt: skip
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def open_bytes(source: Source, name: str, limits: Limits, *, max_bytes: int | None = None) -> BinaryIO:
    """The file ready to be read, refused when it is missing, empty or too large."""
    limit = min(limits.max_bytes, max_bytes or limits.max_bytes)
    if isinstance(source, bytes):
        size = len(source)
    else:
        try:
            if not source.is_file():
                raise refuse(name, Code.FILE_MISSING)
            size = source.stat().st_size
        except (OSError, ValueError) as error:
            raise refuse(name, Code.FILE_UNREADABLE) from error
    if size == 0:
        raise refuse(name, Code.FILE_EMPTY)
    if size > limit:
        raise refuse(name, Code.FILE_TOO_LARGE, megabytes=size // 2**20, limit=limit // 2**20)
    if isinstance(source, bytes):
        return BytesIO(source)
    try:
        return source.open("rb")
    except OSError as error:
        raise refuse(name, Code.FILE_UNREADABLE) from error


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk


def _utf16_without_mark(head: bytes) -> str | None:
    """Latin text in UTF-16 has a NUL in every other byte, always on the same side."""
    if len(head) < 4 or 0 not in head:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > half * 0.6 and even <= half * 0.02:
        return "utf-16-le"
    if even > half * 0.6 and odd <= half * 0.02:
        return "utf-16-be"
    return None


def detect(stream: BinaryIO, name: str) -> str:
    """The name of the encoding of the whole file; leaves the stream at its beginning."""
    head = stream.read(4096)
    stream.seek(0)
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    if wide := _utf16_without_mark(head):
        return wide
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8, has_utf8 = True, False
    telling = bytearray()
    for chunk in _chunks(stream):
        if (at := chunk.find(b"\0")) >= 0:
            raise refuse(name, Code.NUL_BYTES, line=chunk.count(b"\n", 0, at) + 1)
        if is_utf8:
            try:
                has_utf8 = not decoder.decode(chunk).isascii() or has_utf8
            except UnicodeDecodeError:
                is_utf8 = False
        if len(telling) < _SAMPLE and not chunk.isascii():
            telling += b"\n".join(line[:2000] for line in chunk.splitlines() if not line.isascii())
    if is_utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            if has_utf8:
                raise refuse(name, Code.TRUNCATED) from error
            is_utf8 = False
    stream.seek(0)
    if is_utf8:
        return "utf-8"
    import chardet  # loaded for files that are not UTF-8 only

    found = chardet.detect(bytes(telling[:_SAMPLE]), include_encodings=_CANDIDATES, compat_names=False)
    return found["encoding"] or "cp1252"


def read_text(source: Source, name: str, limits: Limits) -> str:
    """The whole text of a document, in Unix lines."""
    with open_bytes(source, name, limits, max_bytes=limits.max_document_bytes) as stream:
        encoding = detect(stream, name)
        data = stream.read()
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise refuse(name, Code.ENCODING_UNKNOWN, line=line, encoding=encoding) from error
    if "\0" in text:
        raise refuse(name, Code.NUL_BYTES, line=text.count("\n", 0, text.index("\0")) + 1)
    return text.replace("\r\n", "\n").replace("\r", "\n")
