"""Incidents as other tools keep them: status pages in cState Markdown, tables (CSV, XLSX), JSON and JSON Lines."""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vertebra.kit.files.encodings import read_text
from vertebra.kit.files.limits import DEFAULT
from vertebra.kit.files.problems import Code, Problem, Refused
from vertebra.kit.files.suffixes import FORMAT_OF_SUFFIX, TABLE_SUFFIXES
from vertebra.kit.files.tables import read_table
from vertebra.kit.files.values import header_name, is_true, parse_date

# The words of tools for how bad it was.
SEVERITIES = {
    "minor": "minor", "notice": "minor", "maintenance": "minor", "low": "minor", "sev3": "minor", "sev4": "minor",
    "major": "major", "disrupted": "major", "degraded": "major", "medium": "major", "sev2": "major", "high": "major",
    "critical": "critical", "down": "critical", "outage": "critical", "sev1": "critical", "sev0": "critical",
    "mineur": "minor", "majeur": "major", "critique": "critical",
}  # fmt: skip
# Our names, and what tools call the same.
NAMES = {
    "id": ("id", "external_id", "key", "number", "identifiant"),
    "title": ("title", "name", "summary_line", "titre"),
    "summary": ("summary", "description", "body", "resume"),
    "severity": ("severity", "impact", "priority", "gravite"),
    "started_at": ("started_at", "date", "start", "started", "created_at", "began", "debut"),
    "detected_at": ("detected_at", "detected", "noticed", "detecte"),
    "told_at": ("told_at", "told", "announced_at", "annonce"),
    "resolved_at": ("resolved_at", "resolvedwhen", "resolved_when", "end", "ended", "ended_at", "fin"),
    "systems": ("systems", "affected", "components", "services", "systemes"),
    "timeline": ("timeline", "moments", "updates", "chronologie"),
    "follow_up": ("follow_up", "follow_ups", "action", "suite"),
    "follow_up_id": ("follow_up_id", "action_id"),
    "owner": ("follow_up_owner", "owner", "responsable"),
    "due_on": ("due_on", "due", "echeance"),
    "done_on": ("done_on", "done", "fait"),
}
_OURS = {theirs: ours for ours, names in NAMES.items() for theirs in names}
_MOMENT = re.compile(
    r"(\S+?)(?:(?:T|\s+)0*(\d{1,2})[:h](\d{2})(?::(\d{2})(?:[.,]\d+)?)?)?\s*(Z|UTC|(?<=\d)\s*[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
_TRACKED = re.compile(r"^(.*?)\{\{<\s*track\s+\"?([^\">]+?)\"?\s*>\}\}(.*)$", re.MULTILINE)
_KEY = re.compile(r"\s*[A-Za-z_]\w*\s*:")
_KINDS = {
    "resolved": "resolved", "monitoring": "mitigated", "fixed": "mitigated", "identified": "found",
    "investigating": "noticed", "résolu": "resolved", "identifié": "found",
}  # fmt: skip
MOMENTS = ("noticed", "found", "told", "mitigated", "resolved", "note")
LONGEST = {"title": 200, "summary": 20_000, "follow_up": 300}


@dataclass(frozen=True, slots=True)
class FoundMoment:
    """A line of a timeline."""

    at: dt.datetime
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class FoundFollowUp:
    """Something to do afterwards, with its owner as the file writes them."""

    external_id: str
    title: str
    owner: str = ""
    due_on: dt.date | None = None
    done_on: dt.date | None = None


@dataclass(slots=True)
class FoundIncident:
    """One incident as a file tells it."""

    external_id: str
    title: str
    severity: str
    started_at: dt.datetime
    file: str
    line: int
    summary: str = ""
    detected_at: dt.datetime | None = None
    told_at: dt.datetime | None = None
    resolved_at: dt.datetime | None = None
    systems: list[str] = field(default_factory=list)
    moments: list[FoundMoment] = field(default_factory=list)
    follow_ups: list[FoundFollowUp] = field(default_factory=list)


@dataclass(slots=True)
class Found:
    """All incidents of some files, and what was wrong with the rest."""

    incidents: dict[str, FoundIncident] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_incidents(files: Iterable[Path], zone: dt.tzinfo) -> Found:
    """The incidents of these files, by their id; `zone` is that of moments in tables which do not name theirs."""
    found = Found()
    for path in files:
        suffix = path.suffix.lower()
        if suffix in TABLE_SUFFIXES:
            _table(path, found, zone)
        elif FORMAT_OF_SUFFIX.get(suffix) == "markdown":
            _page(path, found)
        elif suffix in FORMAT_OF_SUFFIX:
            _documents(path, found, zone)
        else:
            found.problems.append(
                Problem(path.name, None, None, Code.FORMAT_UNKNOWN, {"suffix": suffix or "?"})
            )
    return found


def read_told(records: Iterable[Mapping[str, Any]], zone: dt.tzinfo, name: str) -> Found:
    """The incidents that a tool tells, read as those of a file of that name: the first is line 1."""
    found = Found()
    for number, record in enumerate(records, start=1):
        _record(dict(record), lambda key, number=number: number, name, found, zone)  # type: ignore[misc]
    return found


def files_in(places: Iterable[Path]) -> list[Path]:
    """These files, and those inside these folders that can hold incidents, in order of their names."""
    known = TABLE_SUFFIXES | set(FORMAT_OF_SUFFIX)
    found: list[Path] = []
    for place in places:
        if place.is_dir():
            inside = (one for one in place.rglob("*") if one.is_file() and one.suffix.lower() in known)
            found += sorted(one for one in inside if not one.name.startswith((".", "_")))
        else:
            found.append(place)
    return found


@dataclass(frozen=True)
class _Given:
    """One incident as it stands in a file: its values by our names, and where each stands."""

    file: str
    values: Mapping[str, Any]
    line: Callable[[str], int | None]
    zone: dt.tzinfo
    found: Found

    def note(self, key: str, code: Code, **particulars: str | int) -> None:
        self.found.problems.append(Problem(self.file, self.line(key), key, code, particulars))

    def text(self, key: str) -> str:
        value = self.values.get(key)
        text = "" if value is None else str(value).strip()
        limit = LONGEST.get(key, 300)
        if len(text) > limit:
            self.note(key, Code.VALUE_TOO_LONG, length=len(text), limit=limit)
        return text[:limit]

    def moment(self, key: str) -> dt.datetime | None:
        value = self.values.get(key)
        if value is None or not str(value).strip():
            return None
        read = read_moment(value, self.zone)
        if read is None:
            self.note(key, Code.NOT_A_DATE, value=str(value)[:60])
        return read

    def day(self, key: str) -> dt.date | None:
        value = self.values.get(key)
        if value is None or not str(value).strip():
            return None
        read = parse_date(value)
        if read is None:
            self.note(key, Code.NOT_A_DATE, value=str(value)[:60])
        return read


def read_moment(value: object, zone: dt.tzinfo) -> dt.datetime | None:
    """A moment as tools write it; a day alone is its first minute."""
    if isinstance(value, dt.datetime):
        return value if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, dt.date):
        return dt.datetime(value.year, value.month, value.day, tzinfo=zone)
    read = _MOMENT.fullmatch(str(value).strip()[:60])
    day = parse_date(read[1]) if read else None
    if read is None or day is None:
        return None
    hour, minute, second = (int(part or 0) for part in read.groups()[1:4])
    try:
        return dt.datetime(
            day.year, day.month, day.day, hour, minute, second, tzinfo=_zone(read[5], zone)
        )  # fmt: skip
    except ValueError:
        return None


def _zone(text: str | None, zone: dt.tzinfo) -> dt.tzinfo:
    text = (text or "").strip()
    if not text:
        return zone
    if text in {"Z", "UTC"}:
        return dt.UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    away = dt.timedelta(hours=hours, minutes=minutes)
    return dt.timezone(-away if text[0] == "-" else away)


def _take(given: _Given) -> FoundIncident | None:
    """One incident, when it has what one needs, a title and when it began, and nothing of it is wrong."""
    known = len(given.found.problems)
    title, started = given.text("title"), given.moment("started_at")
    for key, value in (("title", title), ("started_at", given.values.get("started_at"))):
        if not value:
            given.note(key, Code.VALUE_MISSING, field=key)
    word = given.text("severity").lower()
    severity = SEVERITIES.get(word, "" if word else "major")
    if not severity:
        given.note("severity", Code.CHOICE_UNKNOWN, value=word[:60], choices=", ".join(sorted(SEVERITIES)))
    if not title or started is None or not severity:
        return None
    made = FoundIncident(
        given.text("id") or f"{title} {started.isoformat()}"[:300], title, severity, started, given.file,
        given.line("title") or 1, given.text("summary"), systems=_systems(given.values.get("systems")),
    )  # fmt: skip
    for key in ("detected_at", "told_at", "resolved_at"):
        setattr(made, key, _after(given, key, started))
    # Without the end that is wrong it would be going on: nothing of what is refused is kept.
    return made if len(given.found.problems) == known else None


def _after(given: _Given, key: str, started: dt.datetime) -> dt.datetime | None:
    """A moment that cannot lie before the beginning: if it does, the incident is refused, and it is said."""
    moment = given.moment(key)
    if moment is None or moment >= started or key == "detected_at":
        return moment
    said = {"end": f"{moment:%Y-%m-%d %H:%M}", "start": f"{started:%Y-%m-%d %H:%M}"}
    given.note(key, Code.ENDS_BEFORE_START, **said)
    return None


def _systems(value: object) -> list[str]:
    parts = value if isinstance(value, list) else re.split(r"[,;|]", str(value or ""))
    return [text[:100] for part in parts if (text := str(part).strip())][:50]


def _follow_up(given: _Given, number: int) -> FoundFollowUp | None:
    title = given.text("follow_up") or given.text("title")
    if not title:
        return None
    return FoundFollowUp(
        given.text("follow_up_id") or given.text("id") or title[:300] or str(number), title[:300],
        given.text("owner"), given.day("due_on"), given.day("done_on"),
    )  # fmt: skip


def _ours(values: Mapping[Any, Any]) -> dict[str, Any]:
    """The values of a record by our names; what we do not know is left out."""
    found: dict[str, Any] = {}
    for key, value in values.items():
        ours = _OURS.get(header_name(str(key)).replace(" ", "_"))
        if ours and ours not in found:
            found[ours] = value
    return found


def _table(path: Path, found: Found, zone: dt.tzinfo) -> None:
    """A row per incident; another row with the same id adds a follow-up."""
    try:
        table = read_table(path, path.name)
        refused: set[str] = set()
        for row in table.rows():
            values = _ours(dict(zip(table.header, row.cells, strict=False)))
            given = _Given(path.name, values, lambda key, line=row.line: line, zone, found)  # type: ignore[misc]
            name = str(values.get("id") or "").strip()
            if name in refused and not values.get("title"):
                continue  # It adds to a row that was said already.
            known, made = len(found.problems), found.incidents.get(name)
            is_new = made is None
            made = made or _take(given)
            one = _follow_up(given, len(made.follow_ups)) if made and values.get("follow_up") else None
            if len(found.problems) > known:
                refused |= {name} if name and is_new else set()
            elif made is not None:
                made.follow_ups += [one] if one else []
                if is_new:
                    _keep(made, found)
        found.problems += table.problems
    except Refused as refusal:
        found.problems.append(refusal.problem)


def _documents(path: Path, found: Found, zone: dt.tzinfo) -> None:
    """A list of incidents, or an object that holds one under any name."""
    from vertebra.kit.files.documents import read_document  # YAML is loaded by the first file, not at start

    read = read_document(path, path.name)
    found.problems += read.problems
    for document in read.documents:
        value = document.value
        if isinstance(value, dict) and not _OURS.keys() & {"title"} & value.keys():
            value = next((one for one in value.values() if isinstance(one, list)), [value])
        for record in value if isinstance(value, list) else [value]:
            if not isinstance(record, dict):
                found.problems.append(Problem(path.name, document.line, None, Code.NOT_A_TEXT))
                continue
            line = document.line_of(record) or document.line
            _record(record, lambda key, line=line: line, path.name, found, zone)  # type: ignore[misc]


def _record(
    record: dict[str, Any], line: Callable[[str], int | None], file: str, found: Found, zone: dt.tzinfo
) -> None:
    values = _ours(record)
    actions, timeline = values.pop("follow_up", None), values.pop("timeline", None)
    made = _take(_Given(file, values, line, zone, found))
    if made is None:
        return
    _keep(made, found)
    made.moments = _moments(timeline, _Given(file, values, line, zone, found))
    for number, action in enumerate(actions if isinstance(actions, list) else []):
        inside = _ours(action) if isinstance(action, dict) else {"title": action}
        one = _follow_up(_Given(file, inside, line, zone, found), number)
        made.follow_ups += [one] if one else []


def _moments(timeline: object, given: _Given) -> list[FoundMoment]:
    """The lines of a timeline that say when; one without a moment that can be read is told, and left out."""
    made = []
    for entry in timeline if isinstance(timeline, list) else []:
        if not isinstance(entry, dict):
            continue
        moment = read_moment(entry.get("at") or entry.get("date") or "", given.zone)
        kind, text = str(entry.get("kind") or "note"), str(entry.get("text") or entry.get("body") or "")
        if moment is None:
            given.note("timeline", Code.NOT_A_DATE, value=str(entry.get("at") or "")[:60])
        else:
            known = kind if kind in MOMENTS else _KINDS.get(kind.lower(), "note")
            made.append(FoundMoment(moment, known, text.strip()[:8000]))
    return made


def _page(path: Path, found: Found) -> None:
    """A status page: its front matter, the text under it, and the moments that the text tracks."""
    from vertebra.kit.files.documents import read_document  # YAML is loaded by the first file, not at start

    try:
        text = read_text(path, path.name, DEFAULT)
    except Refused as refusal:
        found.problems.append(refusal.problem)
        return
    # Hugo forgives a front matter that only ends: so do we.
    is_headless = bool(_KEY.match(text)) and "\n---" in text
    read = read_document((f"---\n{text}" if is_headless else text).encode(), path.name, format="markdown")
    found.problems += [one for one in read.problems if one.is_blocking]
    for document in read.documents:
        front = {key: value for key, value in document.value.items() if key not in {"sections", "heading"}}
        body = str(front.pop("body", ""))
        shift = 1 if is_headless else 0

        def line(key: str, document: Any = document, shift: int = shift) -> int:
            names = (one for one in document.value if _OURS.get(header_name(str(one))) == key)
            found_at = document.line_of(document.value, next(names, None)) or document.line
            return max(1, int(found_at) - shift)

        values = {**_ours(front), "id": path.stem, "summary": body}
        if "resolved" in front and is_true(front["resolved"]) is False:
            values.pop("resolved_at", None)
        made = _take(_Given(path.name, values, line, dt.UTC, found))
        if made is not None:
            made.moments = _tracked(body)
            _keep(made, found)


def _tracked(body: str) -> list[FoundMoment]:
    found = []
    for before, written, behind in _TRACKED.findall(body):
        text = " ".join(f"{before} {behind}".replace("*", "").split()).strip(" -\u2013\u2014")
        moment = read_moment(written, dt.UTC)
        first = text.split()[0].strip(":.-").lower() if text else ""
        if moment is not None:
            found.append(FoundMoment(moment, _KINDS.get(first, "note"), text[:8000]))
    return found


def _keep(made: FoundIncident, found: Found) -> None:
    """Keep an incident; a second of the same id is told, and the first stays."""
    if there := found.incidents.get(made.external_id):
        told: dict[str, str | int] = {
            "id": made.external_id[:80], "field": "title", "value": made.title[:80], "other": there.title[:80],
            "other_file": there.file, "other_line": there.line,
        }  # fmt: skip
        found.problems.append(Problem(made.file, made.line, None, Code.RECORD_CONFLICT, told))
        return
    found.incidents[made.external_id] = made
