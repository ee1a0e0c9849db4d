"""Bytes of a file, plain or packed, as they come: never much of it at once, and it is said where it breaks off."""

from __future__ import annotations

import codecs
import gzip
import lzma
import zlib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from vertebra.connectors.faults import Fault, Trouble
from vertebra.kit.files.problems import Code

_CHUNK = 1 << 20
# The longest issue seen in public trackers has 3 MB; a file packed to fill the memory stops here.
LONGEST_PIECE = 32 * 1024 * 1024
_ZSTANDARD = b"\x28\xb5\x2f\xfd"
_DAMAGED = (OSError, zlib.error, lzma.LZMAError)


class PackedFile:
    """One file, read from its beginning each time; `line` is where reading has come to."""

    def __init__(self, path: Path, name: str) -> None:
        self.path = path
        self.name = name
        self.line = 1

    def refused(self, code: Code, line: int = 0, **particulars: str | int) -> Trouble:
        """Why the file cannot be read, in the words of files."""
        told: dict[str, str | int] = {"file": self.name, "line": line or self.line, "code": code.value}
        return Trouble(Fault.FILE_REFUSED, **told, **particulars)

    def too_long(self, limit: int = LONGEST_PIECE) -> Trouble:
        """A line or a value that no tracker writes."""
        return Trouble(Fault.PIECE_TOO_LONG, file=self.name, line=self.line, megabytes=limit // 2**20)

    def chunks(self) -> Iterator[bytes]:
        """What the file holds, unpacked."""
        try:
            if not self.path.is_file():
                raise self.refused(Code.FILE_MISSING)
            with self._open() as stream:
                empty = True
                while chunk := stream.read(_CHUNK):
                    empty = False
                    yield chunk
        except EOFError as error:
            raise self.refused(Code.TRUNCATED) from error
        except _DAMAGED as error:
            raise self._damaged(error) from error
        if empty:
            raise self.refused(Code.FILE_EMPTY)

    def _damaged(self, error: Exception) -> Trouble:
        if "Truncated" in str(error):  # as Arrow says it
            return self.refused(Code.TRUNCATED)
        if isinstance(error, OSError) and error.errno:
            return self.refused(Code.FILE_UNREADABLE)
        return self.refused(Code.SYNTAX, detail=str(error)[:200])

    def _open(self) -> Any:
        with self.path.open("rb") as stream:
            magic = stream.read(6)
        if magic.startswith(b"\x1f\x8b"):
            return gzip.open(self.path, "rb")
        if magic.startswith(b"\xfd7zXZ\x00"):
            return lzma.open(self.path, "rb")
        if magic.startswith(_ZSTANDARD):
            return _zstandard(self.path)
        return self.path.open("rb")

    def is_packed(self) -> bool:
        """Whether the file has to be unpacked."""
        try:
            with self.path.open("rb") as stream:
                return stream.read(6).startswith((b"\x1f\x8b", b"\xfd7zXZ\x00", _ZSTANDARD))
        except OSError:
            return False

    def text(self) -> Iterator[bytes]:
        """What the file holds as UTF-8, without a mark at its beginning."""
        chunks = self.chunks()
        first = next(chunks, b"")
        if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            decoder = codecs.getincrementaldecoder("utf-16")()
            yield self._decoded(decoder, first)
            for chunk in chunks:
                yield self._decoded(decoder, chunk)
            yield self._decoded(decoder, b"", is_last=True)
            return
        yield first.removeprefix(codecs.BOM_UTF8)
        yield from chunks

    def _decoded(self, decoder: codecs.IncrementalDecoder, chunk: bytes, *, is_last: bool = False) -> bytes:
        try:
            return decoder.decode(chunk, is_last).encode("utf-8")
        except UnicodeError as error:
            raise self.refused(Code.ENCODING_UNKNOWN, encoding="UTF-16") from error

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Its lines that are not blank, each with its number."""
        begun: list[bytes] = []
        length = 0
        self.line = 1
        for chunk in self.text():
            *ended, rest = chunk.split(b"\n")
            for part in ended:
                if begun:
                    part = b"".join((*begun, part))
                    begun, length = [], 0
                if part and not part.isspace():
                    yield self.line, part
                self.line += 1
            if rest:
                begun.append(rest)
                length += len(rest)
                if length > LONGEST_PIECE:
                    raise self.too_long()
        if (last := b"".join(begun)) and not last.isspace():
            yield self.line, last


def _zstandard(path: Path) -> Any:
    """The file through the library that also reads the trail, if it is installed."""
    try:
        pyarrow = import_module("pyarrow")
    except ImportError as error:
        raise Trouble(Fault.LIBRARY_MISSING, name="pyarrow") from error
    return pyarrow.CompressedInputStream(pyarrow.OSFile(str(path), "rb"), "zstd")
