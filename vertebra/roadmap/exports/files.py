"""The Markdown, the PDF and the slides of a report; the last two are made by a job and kept in the data folder."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from vertebra.kit.decks import FAINT, INK, Words, box, cut, first_slide, new_deck, new_slide, saved
from vertebra.kit.papers import keep_file, plain, table, writable
from vertebra.roadmap.models import Report

Content = dict[str, Any]
LAYOUT = Path(__file__).with_name("report.typ")
JOB = "vertebra.roadmap.jobs.reports.make_report_files"
HEAVY = ("pdf", "pptx")
MOST_LINES = 7


def path_of(report: Report, form: str) -> Path:
    """Where one form of a report lies, once made."""
    return Path(settings.MEDIA_ROOT) / "reports" / f"{report.pk}.{form}"


def name_of(report: Report, form: str) -> str:
    """What a reader's file is called."""
    return f"{slugify(report.title)[:60] or 'report'}.{form}"


def ask_for(report: Report) -> None:
    """Have the files of a report made, unless they are being made already."""
    if not _jobs_of(report).filter(status__in=(TaskResultStatus.READY, TaskResultStatus.RUNNING)).exists():
        import_string(JOB).enqueue(report.pk)


def is_asked_for(report: Report) -> bool:
    """Whether a job makes the files, or tried to and failed: that one is not begun again unasked."""
    return _jobs_of(report).exclude(status=TaskResultStatus.SUCCESSFUL).exists()


def _jobs_of(report: Report) -> QuerySet[DBTaskResult[Any, Any]]:
    return DBTaskResult.objects.filter(task_path=JOB, args_kwargs__args=[report.pk])


def make(report: Report, form: str) -> Path:
    """Write one form of a report where readers find it."""
    path = path_of(report, form)
    keep_file(path, made(report, form))
    return path


def made(report: Report, form: str) -> bytes:
    """One form of a report, in its own language."""
    told = writable(
        {**report.content, "sentences": report.sentences, "title": report.title, "language": report.language}
    )
    with translation.override(report.language):
        told["said"] = sayings(report.sentences)
        return FORMS[form][1](told)


def sayings(sentences: dict[str, str]) -> list[tuple[str, str]]:
    """The sentences of the author that stand at the end, with what each is."""
    heads = {"ask": _("What we ask of you"), "next": pgettext("sentence", "What comes next")}
    return [(heads[key], sentences[key]) for key in heads if sentences.get(key)]


def _subtitle(it: Content) -> str:
    return " · ".join(part for part in (it.get("unit"), it.get("period")) if part)


def as_markdown(it: Content) -> bytes:
    """What one pastes into a wiki."""
    return ("\n\n".join(part for part in _parts(it) if part.strip()) + "\n").encode()


def _parts(it: Content) -> Iterator[str]:
    yield f"# {plain(it['title'])}"
    yield plain(_subtitle(it))
    yield f"**{plain(it['sentences'].get('top', ''))}**" if it["sentences"].get("top") else ""
    yield plain(it["lead"])
    for section in it["sections"]:
        yield f"## {plain(section['heading'])}"
        rows = [(row["title"], row["text"], row["state"]) for row in section["rows"]]
        yield table(tuple(section["columns"]), rows) if rows else plain(section["empty"])
    for head, text in it["said"]:
        yield f"**{plain(head)}** {plain(text)}"


def as_pdf(it: Content) -> bytes:
    """The report as a PDF whose parts a screen reader can tell."""
    import typst

    told = {**it, "subtitle": _subtitle(it)}
    made_of: bytes = typst.compile(
        LAYOUT.read_bytes(), sys_inputs={"report": json.dumps(told)}, ignore_system_fonts=True
    )
    return made_of


def as_slides(it: Content) -> bytes:
    """The report as slides that whoever presents it may change: one for each section."""
    deck = new_deck(it["title"], it["language"])
    top: list[Words] = [(it["lead"], 20, INK, False), (_subtitle(it), 16, FAINT, False)]
    if it["sentences"].get("top"):
        top.insert(0, (cut(it["sentences"]["top"], 300), 24, INK, True))
    first_slide(deck, it["title"], top)
    for section in it["sections"]:
        rows = section["rows"]
        for start in range(0, max(1, len(rows)), MOST_LINES):
            slide = new_slide(deck, section["heading"])
            box(slide, (0.7, 1.6, 11.9, 5.4), _lines(rows[start : start + MOST_LINES], section["empty"]))
    if it["said"]:
        asked: list[Words] = [(f"{head} : {cut(text, 400)}", 22, INK, False) for head, text in it["said"]]
        box(new_slide(deck, _("What we ask of you")), (0.7, 1.7, 11.9, 5.2), asked)
    return saved(deck)


def _lines(rows: list[dict[str, str]], empty: str) -> list[Words]:
    if not rows:
        return [(empty, 20, FAINT, False)]
    found: list[Words] = []
    for row in rows:
        state = f" · {row['state']}" if row["state"] else ""
        found.append((f"{cut(row['title'], 90)}{state}", 18, INK, True))
        if row["text"]:
            found.append((cut(row["text"], 200), 14, FAINT, False))
    return found


FORMS: dict[str, tuple[str, Callable[[Content], bytes]]] = {
    "md": ("text/markdown; charset=utf-8", as_markdown),
    "pdf": ("application/pdf", as_pdf),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", as_slides),
}
