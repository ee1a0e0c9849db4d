"""Transcripts: where a large file waits, how lines make pages, why a file was refused."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from vertebra.discovery.models import Transcript
from vertebra.kit.files.labels import message, remedy
from vertebra.kit.files.problems import Refused
from vertebra.kit.files.transcripts import Line

PAGE_LINES, PAGE_CHARACTERS = 60, 12_000


def path_of(transcript: Transcript) -> Path:
    """Where the file of a transcript lies until it is read."""
    return Path(settings.MEDIA_ROOT) / "transcripts" / f"{transcript.pk}"


def said(refused: Refused) -> str:
    """Why a file was refused: where, what, and what to do."""
    problem = refused.problem
    where = _("Line %(line)s: ") % {"line": problem.line} if problem.line else ""
    return f"{where}{message(problem)} {remedy(problem)}"


def paged(lines: list[Line]) -> Iterator[tuple[int, list[Line]]]:
    """As many lines as a page shows, with the number of the first."""
    page: list[Line] = []
    first = length = 0
    for at, line in enumerate(lines):
        size = len(line.text) + len(line.who)
        if page and (len(page) >= PAGE_LINES or length + size > PAGE_CHARACTERS):
            yield first, page
            page, first, length = [], at, 0
        page.append(line)
        length += size
    if page:
        yield first, page
