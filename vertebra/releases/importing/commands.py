"""`vertebra import releases`: changelogs and release notes, at a terminal or for a program."""

from pathlib import Path

from django.utils.translation import gettext as _

from vertebra.connectors.changelogs import read_changelogs
from vertebra.kit import clock, console
from vertebra.kit.files.labels import message, remedy
from vertebra.kit.refusal import Refusal
from vertebra.releases.importing.actions import HasErrors, import_releases
from vertebra.releases.importing.plan import KIND, plan_import
from vertebra.releases.importing.target import SUFFIXES
from vertebra.sources.models import ImportRun

MOST_SAID = 20


def run_command(*, sources: list[Path], source: str, is_dry_run: bool = False) -> int:
    """Import releases and say what was done; 2 when something in the files has to be corrected."""
    missing = [path for path in sources if not path.exists()]
    if missing:
        raise Refusal(
            _("There is no “%(path)s”.") % {"path": missing[0]},
            _("Name a file or a folder that is there."),
            2,
        )
    files = [one for path in sources for one in _files(path)]
    found, now = read_changelogs(files), clock.now()
    name = source.strip()[:100] or sources[0].stem
    for one in found.problems[:MOST_SAID]:
        console.say(f"{one.file}:{one.line or ''} {message(one)} {remedy(one)}")
    try:
        if is_dry_run:
            plan = plan_import(found.releases, source=name, now=now, problems=found.problems)
        else:
            run = ImportRun(
                target="releases", recipe="changelog", files=[{"name": one.name} for one in files[:100]], made_at=now
            )  # fmt: skip
            plan = import_releases(
                actor=None, records=found.releases, source=name, now=now, problems=found.problems, run=run
            ).plan
    except HasErrors as error:
        console.say(str(error))
        return 2
    facts = {**plan.summary().get(KIND, {}), "unknown": plan.unknowns, "problems": len(found.problems)}
    words = _("%(created)s new, %(changed)s changed, %(unchanged)s known already.")
    console.answer(facts, words % {"created": 0, "changed": 0, "unchanged": 0, **facts})
    return 2 if plan.is_blocked else 0


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(one for one in path.rglob("*") if one.is_file() and one.suffix.lower() in SUFFIXES)
