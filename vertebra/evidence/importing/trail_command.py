"""`vertebra import trail`: work items with their history, at a terminal or for a program."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vertebra.connectors.faults import Trouble
from vertebra.evidence.importing import forms
from vertebra.evidence.importing.trail import CODE, Form, Outcome, Told, bring_in, is_known, look
from vertebra.evidence.importing.words import by_kind, known_already, told_flaw, told_trouble
from vertebra.evidence.labels import TRAIL_TABLES
from vertebra.kit import clock, console
from vertebra.kit.files.documents import read_document
from vertebra.kit.files.labels import told as told_problem
from vertebra.kit.refusal import Refusal
from vertebra.sources.models import ImportRun

MOST_SAID = 20
TELL_EVERY = 5.0


def run_command(*, files: list[Path], form: str, mapping: Path | None, source: str, is_dry_run: bool) -> int:
    """Bring in work items and say what was done; 2 when a file cannot be read."""
    told = _told(files, form, mapping)
    name = source.strip()[:100] or _name_of(files[0])
    progress = _telling(_("%(count)s work items read…"))
    if is_known(told, name):
        console.answer({"source": name, "is_known": True, "is_dry_run": is_dry_run}, known_already())
        return 0
    try:
        if is_dry_run:
            found = look(told=told, source=name, progress=progress)
        else:
            now = clock.now()
            run = ImportRun(
                target=CODE, recipe=told.form, files=[{"name": one.name, "size": one.stat().st_size} for one in files],
                mapping=dict(told.mapping or {}), made_at=now,
            )  # fmt: skip
            found = bring_in(actor=None, told=told, source=name, run=run, now=now, progress=progress)
    except Trouble as trouble:
        return _say_trouble(trouble)
    return _say(found, name, is_dry_run=is_dry_run)


def _told(files: list[Path], form: str, mapping: Path | None) -> Told:
    missing = next((path for path in files if not path.is_file()), None)
    if missing is not None:
        raise Refusal(_("There is no “%(path)s”.") % {"path": missing}, _("Name a file that is there."), 2)
    chosen = form or forms.guess(files)
    if chosen not in forms.FORMS:
        raise Refusal(
            _what_is_unclear(files) if not form else _("“%(form)s” is no form.") % {"form": form},
            _("Say it: --format jira, --format events or --format xes."),
            2,
        )
    return Told(files, cast(Form, chosen), _mapping(mapping))


def _what_is_unclear(files: list[Path]) -> str:
    """The first file that is of no known form, or of another than the first."""
    found = [forms.form_of(path) for path in files]
    if "" in found:
        return _("What “%(path)s” is cannot be told.") % {"path": files[found.index("")]}
    other = next(path for path, form in zip(files, found, strict=True) if form != found[0])
    return _("“%(path)s” and “%(other)s” are not of the same form.") % {"path": files[0], "other": other}


def _mapping(path: Path | None) -> dict[str, str] | None:
    """What is what, as a file says it."""
    if path is None:
        return None
    if not path.is_file():
        raise Refusal(_("There is no “%(path)s”.") % {"path": path}, _("Name a file that is there."), 2)
    found = read_document(path, path.name)
    if problems := [problem for problem in found.problems if problem.is_blocking]:
        raise Refusal(told_problem(problems[0]), "", 2)
    value = found.documents[0].value if found.documents else None
    if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
        raise Refusal(
            _("“%(path)s” does not say which column is what.") % {"path": path},
            _("Write one on each line: what it is, and the name of the column or field."),
            2,
        )
    return value


def _name_of(path: Path) -> str:
    return path.name.partition(".")[0][:100] or path.name[:100]


def _telling(words: str) -> Callable[[int], None]:
    """Says from time to time how far reading is."""
    latest = time.monotonic()

    def tell(count: int) -> None:
        nonlocal latest
        if time.monotonic() - latest >= TELL_EVERY:
            latest = time.monotonic()
            console.say(words % {"count": formats.number_format(count, force_grouping=True)})

    return tell


def _say_trouble(trouble: Trouble) -> int:
    told = told_trouble(trouble)
    if console.wants_json():
        console.answer({"error": _("Nothing was changed."), "problems": [told]}, "")
        return 2
    place = f"{told['file']}:{told['line'] or ''} " if told["file"] else ""
    console.say(f"{place}{told['what']} {told['remedy']}")
    console.say(_("Nothing was changed."))
    return 2


def _say(found: Outcome, name: str, *, is_dry_run: bool) -> int:
    flaws = [told_flaw(flaw) for flaw in found.flaws]
    for one in flaws[:MOST_SAID]:
        console.say(f"{one['file']}:{one['line'] or ''} {one['what']} {one['remedy']}")
    if len(flaws) > MOST_SAID:
        more = len(flaws) - MOST_SAID
        text = ngettext("… and %(count)d more.", "… and %(count)d more.", more)
        console.say(text % {"count": more})
    facts = {
        "source": name, "is_known": False, "is_dry_run": is_dry_run,
        "version": found.version.number if found.version else None,
        "counts": {kind.removeprefix("trail_"): counts for kind, counts in found.counts.items()},
        "flaws": by_kind(found.flaws), "problems": flaws,
    }  # fmt: skip
    console.answer(facts, _words(found, is_dry_run=is_dry_run))
    return 0


def _words(found: Outcome, *, is_dry_run: bool) -> str:
    lines = []
    for table, label in TRAIL_TABLES.items():
        counts = found.counts.get(f"trail_{table}", {})
        if any(counts.values()):
            words = _("%(what)s: %(created)s new, %(changed)s changed, %(unchanged)s known already.")
            lines.append(words % {"what": str(label), **counts})
    if not lines:
        return _("The files hold no work item.")
    if is_dry_run:
        lines.append(_("Nothing was changed: this was a rehearsal."))
    elif found.version is None:
        lines.append(_("Nothing to change: everything was known already."))
    return "\n".join(lines)
