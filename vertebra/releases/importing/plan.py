"""What an import of releases would do: each release new, changed or as before, and what nobody here bears the name of."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from vertebra.connectors.release_notes import ReleaseRecord
from vertebra.kit import clock
from vertebra.kit.files.problems import Problem
from vertebra.org.importing.words import Trouble, of_problem
from vertebra.releases.importing.routing import Places, areas_of, language_of, teams_of
from vertebra.releases.labels.releases import ReleaseState
from vertebra.releases.models import Release
from vertebra.sources.target import Effect, Planned

KIND = "release"
# What a source says of a release; a hand edit wins until the source says something else.
TOLD = ("title", "version", "body", "state", "planned_on", "released_on", "web_address", "area_id")
_DAYS = ("planned_on", "released_on")
MOST_UNKNOWN = 200


@dataclass(slots=True)
class Told:
    """One release as its source tells it now, and what becomes of the row here."""

    record: ReleaseRecord
    row: Release
    is_new: bool
    told: dict[str, Any]
    before: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    units: list[int] = field(default_factory=list)

    @property
    def is_touched(self) -> bool:
        """Whether anything of it is written."""
        return self.is_new or bool(self.after)


@dataclass(slots=True)
class Plan(Planned):
    """Everything that the import would do."""

    source: str
    language: str
    day: dt.date
    unit_names: dict[int, str]
    told: list[Told] = field(default_factory=list)
    counts: dict[str, Counter[Effect]] = field(default_factory=lambda: defaultdict(Counter))
    unknowns: list[dict[str, Any]] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)

    @property
    def writes(self) -> bool:
        """Whether anything changes."""
        return any(one.is_touched for one in self.told)


def plan_import(
    records: Sequence[ReleaseRecord], *, source: str, now: dt.datetime, problems: Iterable[Problem] = ()
) -> Plan:
    """What these releases would do to those that the source brought before."""
    day = clock.today(now)
    places = Places.of(day)
    plan = Plan(
        source, language_of(records, settings.LANGUAGE_CODE[:2]), day, places.unit_names,
        troubles=[of_problem(one) for one in problems],
    )  # fmt: skip
    known = {row.external_id: row for row in Release.objects.filter(source__name=source)}
    unknown: dict[tuple[str, str], dict[str, Any]] = {}
    for record in {one.external_id: one for one in records}.values():
        one = _told(record, known.get(record.external_id), source, plan.language, places, now)
        one.units = _units(record, places, unknown)
        plan.told.append(one)
        effect: Effect = "created" if one.is_new else "changed" if one.after else "unchanged"
        plan.counts[KIND][effect] += 1
    plan.unknowns = sorted(unknown.values(), key=lambda one: -one["count"])[:MOST_UNKNOWN]
    return plan


def _told(
    record: ReleaseRecord, row: Release | None, source: str, language: str, places: Places, now: dt.datetime
) -> Told:
    told = {
        "title": (record.title or f"{source} {record.name}")[:200],
        "version": record.name[:60],
        "body": record.body,
        "state": record.state,
        "planned_on": record.on if record.state == "planned" else None,
        "released_on": record.on if record.state == "released" else None,
        "web_address": record.url[:500] if record.url.startswith(("https://", "http://")) else "",
        "area_id": _area(record, places),
    }
    kept = {name: _plain(value) for name, value in told.items()}
    if row is None:
        row = Release(
            external_id=record.external_id, language=language, imported=kept, created_at=now, changed_at=now
        )
        return Told(record, row, True, told)
    one = Told(record, row, False, told)
    was = row.imported or {}
    changes = {name: told[name] for name in TOLD if was.get(name) != kept[name]}
    _keep_what_is_known_here(row, changes)
    for name, value in changes.items():
        if getattr(row, name) != value:
            one.before[name], one.after[name] = getattr(row, name), value
    if one.after or was != kept:
        one.before["imported"], one.after["imported"] = row.imported, kept
    if "state" in one.after:
        _since_when(one, source, now)
    return one


def _keep_what_is_known_here(row: Release, changes: dict[str, Any]) -> None:
    """A tracker that knows of no day or area takes none away, and does not plan what is being checked."""
    for name in (*_DAYS, "area_id"):
        if name in changes and changes[name] is None and changes.get("state", row.state) == row.state:
            del changes[name]
    if changes.get("state") == ReleaseState.PLANNED and row.state == ReleaseState.CHECKING:
        del changes["state"]


def _since_when(one: Told, source: str, now: dt.datetime) -> None:
    """The moments that go with another state."""
    state, row = one.after["state"], one.row
    more: dict[str, Any] = {
        "released_at": now if state == ReleaseState.RELEASED else row.released_at,
        "withdrawn_at": now if state == ReleaseState.WITHDRAWN else None,
        "withdrawn_reason": withdrawn_in(source) if state == ReleaseState.WITHDRAWN else "",
    }
    for name, value in more.items():
        if getattr(row, name) != value:
            one.before[name], one.after[name] = getattr(row, name), value


def withdrawn_in(source: str) -> str:
    """Why something is withdrawn, when only its source knows."""
    return _("It was withdrawn in %(source)s.") % {"source": source}


def _area(record: ReleaseRecord, places: Places) -> int | None:
    """The area that most of its items name, if one of that name is known here."""
    named = Counter(
        {places.area(name): count for name, count in areas_of(record).items() if places.area(name)}
    )
    return named.most_common(1)[0][0] if named else None


def _units(
    record: ReleaseRecord, places: Places, unknown: dict[tuple[str, str], dict[str, Any]]
) -> list[int]:
    """The units that it names; names that nobody here bears are noted."""
    found: dict[int, None] = {}
    for name in teams_of(record):
        if unit := places.unit(name):
            found[unit] = None
            continue
        line = {"text": name, "count": 0, "file": record.origin.file, "line": record.origin.line}
        unknown.setdefault(("unit", name), line)["count"] += 1
    return list(found)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.date) else value
