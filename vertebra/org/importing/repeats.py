"""The very same files again: known by their fingerprint, so that nothing is read or compared twice."""

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

import msgspec

from vertebra.accounts.models import AuditEntry, AuditRow
from vertebra.connectors.recipe import Recipe
from vertebra.connectors.recipe.inputs import find_files
from vertebra.connectors.recipe.patterns import TooSlow, counted
from vertebra.connectors.records import Origin
from vertebra.kit.files.limits import DEFAULT
from vertebra.kit.files.problems import Problem
from vertebra.org.importing.plan import Plan, UnknownReference
from vertebra.org.importing.writing import ORDER
from vertebra.sources.labels import ImportState
from vertebra.sources.models import ImportRun

# With more than this to tell again, reading the files again is the simpler way.
MOST_UNKNOWN = 2_000


def fingerprint(recipe: Recipe, sources: list[Path], *, is_full: bool) -> str:
    """What tells these files, read by this recipe, from all others; empty when a file is missing or unreadable."""
    problems: list[Problem] = []
    try:
        with counted():
            found = find_files(recipe, sources, DEFAULT, problems)
    except TooSlow:
        return ""
    if problems:
        return ""
    made = hashlib.sha256(msgspec.json.encode(recipe))
    made.update(b"full" if is_full else b"part")
    try:
        for name, files in found.items():
            for file in files:
                if file.path.stat().st_size > DEFAULT.max_bytes:
                    return ""
                content = hashlib.sha256(file.path.read_bytes()).hexdigest()
                made.update(f"\0{name}\0{file.name}\0{content}".encode(errors="replace"))
    except OSError:
        return ""
    return made.hexdigest()


def to_remember(plan: Plan, mark: str) -> dict[str, Any]:
    """What an applied import keeps to recognise the same files, unless there was something worth reading again."""
    if not mark or plan.troubles or len(plan.unknowns) > MOST_UNKNOWN:
        return {}
    told = {kind: sum(counts.values()) for kind, counts in plan.counts.items()}
    for change in plan.changes:
        if change.effect == "closed" and change.entity.record is None:
            told[change.kind] -= 1
    unknowns = [msgspec.to_builtins(one) for one in plan.unknowns]
    return {
        "fingerprint": mark,
        "on": plan.on.isoformat(),
        "told": told,
        "unknown": unknowns,
        "left_out": dict(plan.left_out),
    }


def already_done(mark: str, source: str, on: dt.date) -> Plan | None:
    """The plan of the same files if the latest import of the source was of them and nothing has changed since."""
    latest = (
        ImportRun.objects.filter(source__name=source, target="org", state=ImportState.APPLIED)
        .exclude(entry=None)
        .order_by("-pk")
        .first()
    )
    if latest is None or not mark or latest.options.get("fingerprint") != mark:
        return None
    if on < dt.date.fromisoformat(latest.options["on"]):
        return None
    since = AuditRow.objects.filter(entry_id__gt=latest.entry_id, model__in=ORDER)
    if since.exists() or AuditEntry.objects.filter(pk__gt=latest.entry_id, verb="erase").exists():
        return None
    plan = Plan(on=on, source=source)
    for kind, count in latest.options["told"].items():
        plan.counts[kind]["unchanged"] = count
    plan.left_out.update(latest.options.get("left_out", {}))
    for one in latest.options["unknown"]:
        plan.unknowns.append(UnknownReference(**{**one, "origin": Origin(**one["origin"])}))
    return plan
