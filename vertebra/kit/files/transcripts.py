"""The words of a conversation out of a file: WebVTT, SRT, or text, with who spoke and when as far as it says."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from vertebra.kit.files.encodings import Source, read_text
from vertebra.kit.files.limits import MEGABYTE, Limits
from vertebra.kit.files.problems import Code, refuse

SUFFIXES = (".txt", ".md", ".text", ".vtt", ".srt")
LIMITS = Limits(max_bytes=10 * MEGABYTE, max_document_bytes=10 * MEGABYTE)
LONGEST = 1500
TOGETHER = 400
_TIME = r"(?:(\d{1,3}):)?([0-5]?\d):([0-5]\d)(?:[.,](\d{1,3}))?"
_TIMING = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?")
_ARROW = re.compile(r"^[\d:.,\s]*-{1,2}>")
_STAMP = re.compile(rf"^\s*[\[(]?{_TIME}[\])]?[\s\-–:]+")
_VOICE = re.compile(r"<v(?:\.[^\s>]{0,100})?[ \t]{1,20}([^>]{1,200})>", re.I)
_TAG = re.compile(r"</?[a-z][^<>]{0,200}>|<\d[\d:.]{0,20}>", re.I)
_SPEAKER = re.compile(r"^([^\W\d_][^:\n]{0,60}?)\s*:\s+(?=\S)")
_NOT_SAID = ("NOTE", "STYLE", "REGION")
# Below so many times, a word before a colon is a sentence, not a speaker.
SPEAKS = 2


@dataclass(frozen=True, slots=True)
class Line:
    """What one speaker said without a break, and when it began (in seconds)."""

    text: str
    who: str = ""
    at: int | None = None


def read_transcript(source: Source, name: str, limits: Limits = LIMITS) -> list[Line]:
    """Every line of a transcript, whatever its form; raises Refused with the line where it goes wrong."""
    suffix = name.lower()[name.rfind(".") :] if "." in name else ""
    if suffix not in SUFFIXES:
        raise refuse(name, Code.TRANSCRIPT_UNKNOWN, suffix=suffix or name[:40])
    text = read_text(source, name, limits).removeprefix("\ufeff")
    lines = text.split("\n")
    if suffix == ".vtt" or text.startswith("WEBVTT"):
        if not text.startswith("WEBVTT"):
            raise refuse(name, Code.NOT_WEBVTT, line=1)
        found = _cues(lines, name, skips_head=True)
    elif suffix == ".srt" or any(_TIMING.fullmatch(line) for line in lines[:50]):
        found = _cues(lines, name, skips_head=False)
    else:
        found = _plain(lines)
    said = list(cut(joined(_named(found))))
    if not said:
        raise refuse(name, Code.NOTHING_SAID)
    return said


def _cues(lines: list[str], name: str, *, skips_head: bool) -> list[Line]:
    """The cues of WebVTT or SRT; words that stand after a blank line belong to the cue before."""
    found: list[Line] = []
    for first, block in _blocks(lines):
        if (skips_head and first == 1) or block[0].split(" ", 1)[0] in _NOT_SAID:
            continue
        where = next((at for at, line in enumerate(block[:2]) if "-->" in line or _ARROW.match(line)), None)
        if where is None:
            if found and not (len(block) == 1 and block[0].strip().isdigit()):
                found[-1] = replace(found[-1], text=f"{found[-1].text} {_words(block)}".strip())
            elif not found and not block[0].strip().isdigit():
                raise refuse(name, Code.TIME_MISSING, line=first, text=block[0].strip()[:60])
            continue
        timing = _TIMING.fullmatch(block[where])
        if timing is None:
            raise refuse(name, Code.TIME_UNREADABLE, line=first + where, text=block[where].strip()[:60])
        words = block[where + 1 :]
        voice = _VOICE.search(" ".join(words))
        who = html.unescape(voice[1]).strip() if voice else ""
        found.append(Line(_words(words), who, seconds(timing)))
    return [line for line in found if line.text]


def _blocks(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Runs of lines between blank ones, with the number of the first."""
    block: list[str] = []
    for number, line in enumerate([*lines, ""], 1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def _words(lines: Iterable[str]) -> str:
    said = (" ".join(html.unescape(_TAG.sub("", line)).split()) for line in lines)
    return " ".join(word for word in said if word)


def seconds(found: re.Match[str]) -> int:
    """The first time of a match, in whole seconds."""
    hours, minutes, rest = found[1] or 0, found[2], found[3]
    return int(hours) * 3600 + int(minutes) * 60 + int(rest)


def _plain(lines: list[str]) -> list[Line]:
    """Each line of a text, without the time that it may begin with."""
    found = []
    for line in lines:
        stamp = _STAMP.match(line)
        words = " ".join(line[stamp.end() :].split() if stamp else line.split())
        if words:
            found.append(Line(words, at=seconds(stamp) if stamp else None))
    return found


def _named(lines: list[Line]) -> list[Line]:
    """Speakers written before a colon, where the same name stands there several times."""
    spoken = Counter(found[1] for line in lines if not line.who and (found := _SPEAKER.match(line.text)))
    named = []
    for line in lines:
        found = None if line.who else _SPEAKER.match(line.text)
        if found and spoken[found[1]] >= SPEAKS:
            line = replace(line, who=found[1], text=line.text[found.end() :])
        named.append(line)
    return named


def joined(lines: Iterable[Line]) -> Iterator[Line]:
    """Pieces of one speaker put together until they make a few sentences: subtitles cut them every few words."""
    held: Line | None = None
    for line in lines:
        goes_on = held is not None and held.at is not None and held.who == line.who
        if held is not None and goes_on and len(held.text) + len(line.text) < TOGETHER:
            held = replace(held, text=f"{held.text} {line.text}")
            continue
        if held is not None:
            yield held
        held = line
    if held is not None:
        yield held


def cut(lines: Iterable[Line]) -> Iterator[Line]:
    """Lines too long to be read on a page, cut between two words."""
    for line in lines:
        text = line.text
        while len(text) > LONGEST:
            at = text.rfind(" ", LONGEST // 2, LONGEST)
            at = at if at > 0 else LONGEST
            yield replace(line, text=text[:at].rstrip())
            text = text[at:].lstrip()
        if text:
            yield replace(line, text=text)
