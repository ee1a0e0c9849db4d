"""`vertebra import incidents`: incidents of other tools, at a terminal or for a program."""

from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from vertebra.connectors.status_pages import files_in, read_incidents
from vertebra.evidence.actions.incident_imports import import_incidents
from vertebra.kit import clock, console
from vertebra.kit.files.labels import message, remedy
from vertebra.kit.refusal import Refusal

MOST_SAID = 20


def run_command(*, sources: list[Path], source: str) -> int:
    """Import incidents and say what was done; 2 when something in the files has to be corrected."""
    missing = [path for path in sources if not path.exists()]
    if missing:
        raise Refusal(
            _("There is no “%(path)s”.") % {"path": missing[0]},
            _("Name a file or a folder that is there."),
            2,
        )
    found = read_incidents(files_in(sources), ZoneInfo(settings.TIME_ZONE))
    brought = import_incidents(
        actor=None, found=found.incidents.values(), source=source.strip()[:100], language=settings.LANGUAGE_CODE,
        now=clock.now(),
    )  # fmt: skip
    problems = [*found.problems, *brought.problems]
    for one in problems[:MOST_SAID]:
        console.say(f"{one.file}:{one.line or ''} {message(one)} {remedy(one)}")
    facts = {
        "new": brought.new, "changed": brought.changed, "same": brought.same, "follow_ups": brought.follow_ups,
        "problems": len(problems),
    }  # fmt: skip
    words = (
        _("New: %(new)s; changed: %(changed)s; known already: %(same)s; to correct: %(problems)s.") % facts
    )
    console.answer(facts, words)
    return 2 if problems else 0
