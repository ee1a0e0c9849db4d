"""Event logs as tables: a row per event, in any order, with columns that a mapping names."""

from __future__ import annotations

import datetime as dt
from array import array
from collections.abc import Iterator, Mapping, Sequence

from vertebra.connectors.histories.cases import OF_EVENTS, STEP, CaseReader, Event
from vertebra.connectors.histories.moments import Moments, has_month_first, zone_of
from vertebra.connectors.histories.noted import Noted
from vertebra.connectors.histories.packed import PackedFile
from vertebra.connectors.histories.rows import Rows, cell_text
from vertebra.connectors.trail import Flaw, FlawCode, Item
from vertebra.kit.files.tables import Row
from vertebra.kit.text import fold

# What columns are called, folded, the surest first.
_CALLED: Mapping[str, tuple[str, ...]] = {
    "case": (
        "case:concept:name", "case id", "case_id", "caseid", "case", "case number", "case key", "sr number",
        "incident id", "incident number", "ticket id", "ticket number", "issue key", "issue id", "trace id",
        "id de dossier", "identifiant du dossier", "numero de dossier", "dossier", "id du cas", "cas",
        "numero de ticket", "ticket", "numero d'incident", "numero de demande", "demande", "number", "id",
    ),
    "at": (
        "time:timestamp", "timestamp", "time stamp", "change date+time", "event time", "date and time",
        "datetime", "date time", "start timestamp", "start time", "complete timestamp", "end timestamp",
        "horodatage", "date et heure", "date/heure", "date heure", "date de l'evenement", "date du changement",
        "time", "changed at", "occurred at", "at", "date", "heure", "start", "debut",
    ),
    "end": ("complete timestamp", "end timestamp", "end time", "completed at", "end", "date de fin", "heure de fin", "fin"),
    "status": ("status", "state", "statut", "etat"),
    "activity": (
        "concept:name", "activity", "activity name", "activity id", "event", "event name", "action", "task", "step",
        "activite", "nom de l'activite", "evenement", "tache", "etape",
    ),
    "resource": (
        "org:resource", "resource", "user", "agent", "assignee", "performed by", "changed by", "author", "originator",
        "ressource", "utilisateur", "auteur", "intervenant", "acteur",
    ),
    "lifecycle": ("lifecycle:transition", "lifecycle", "transition", "event type", "type d'evenement"),
    "sub_status": ("sub status", "substatus", "sub-status", "sous-statut", "sous-etat"),
    "team": (
        "org:group", "team", "involved st", "assignment group", "assigned group", "group", "department",
        "equipe", "groupe", "groupe d'affectation", "service",
    ),
    "priority": ("priority", "sr latest impact", "impact", "severity", "priorite", "gravite"),
    "kind": ("case type", "issue type", "request type", "category", "type de dossier", "type de demande", "categorie"),
    "project": ("project", "project key", "projet"),
    "title": ("title", "summary", "subject", "titre", "resume", "objet"),
}  # fmt: skip
_MICROSECOND = dt.timedelta(microseconds=1)
_NEVER = -(1 << 62)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def guess_mapping(headings: Sequence[str]) -> dict[str, str]:
    """Which column plays which part, as far as their headings tell; each column plays one at most."""
    known = {fold(heading): heading for heading in reversed(headings) if heading.strip()}
    found: dict[str, str] = {}
    for part, called in _CALLED.items():
        taken = set(found.values())
        for name in called:
            if name in known and known[name] not in taken:
                found[part] = known[name]
                break
    if "status" in found:
        found.pop("activity", None)
    return found


class EventLogFile:
    """A table of events; every case becomes an item once all events are read."""

    def __init__(self, file: PackedFile, mapping: Mapping[str, str], now: dt.datetime) -> None:
        self._file = file
        self._mapping = dict(mapping)
        self._noted = Noted(file.name, now)
        self._zone = zone_of(self._mapping.pop("zone", ""))

    @property
    def flaws(self) -> list[Flaw]:
        """What was wrong with single events or cases."""
        return self._noted.flaws

    def items(self) -> Iterator[Item]:
        """The cases as items, in the order in which they first appear."""
        rows = Rows(self._file)
        mapping = self._mapping or guess_mapping(rows.headings)
        places = rows.places(mapping)
        for wanted in ("case", "at"):
            if wanted not in places:
                raise rows.missing(wanted)
        if not places.keys() & set(STEP):
            raise rows.missing("activity")
        moments = Moments(self._zone, is_month_first=has_month_first(rows.cells(places["at"])))
        events = _Events(places, moments)
        for row in rows.walk():
            self._file.line = row.line
            if lacking := events.take(row):
                self._noted.add(FlawCode.EVENT_WITHOUT, row.line, what=lacking, key=events.case_of(row))
        reader = CaseReader(events.fields, self._noted)
        for case, line, found in events.cases():
            yield reader.item(case, found, line, {})


class _Words(dict[object, int]):
    """Cells that repeat, each kept once as a text and known by a number."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def __missing__(self, cell: object) -> int:
        self.texts.append(cell_text(cell))
        number = self[cell] = len(self.texts) - 1
        return number


class _Events:
    """All events of a table in a few bytes each, so that a million takes little room."""

    def __init__(self, places: Mapping[str, int], moments: Moments) -> None:
        self._case, self._at = places["case"], places["at"]
        self._end = places.get("end", -1)
        step = "status" if "status" in places else "activity"
        self._moments = moments
        own = [name for name in places if name not in OF_EVENTS]
        # Where both are told, the status is the step and the activity what was done.
        self.fields = ["activity", *own] if step == "status" and "activity" in places else own
        columns = [step, "resource", "lifecycle", *self.fields]
        self._columns = [(places.get(name, -1), _Words(), array("I")) for name in columns]
        self._cases = _Words()
        self._lines = array("Q")
        self._case_of = array("I")
        self._times = array("q")
        self._ends = array("q")

    def case_of(self, row: Row) -> str:
        """The case of a row, if it names one."""
        return cell_text(row.cells[self._case]) if self._case < len(row.cells) else ""

    def take(self, row: Row) -> str:
        """Keep an event; what it lacks, if it cannot be kept."""
        cells = row.cells
        width = len(cells)
        case = self.case_of(row)
        at = self._moments.read(cells[self._at] if self._at < width else None)
        if not case or at is None:
            return "at" if case else "case"
        step, steps, _kept = self._columns[0]
        if not steps.texts[steps[cells[step] if step < width else None]]:
            return "activity"
        number = self._cases[case]
        if number == len(self._lines):
            self._lines.append(row.line)
        self._case_of.append(number)
        self._times.append((at - _EPOCH) // _MICROSECOND)
        if self._end >= 0:
            end = self._moments.read(cells[self._end] if self._end < width else None)
            self._ends.append((max(end, at) - _EPOCH) // _MICROSECOND if end is not None else _NEVER)
        for place, words, kept in self._columns:
            kept.append(words[cells[place] if 0 <= place < width else None])
        return ""

    def cases(self) -> Iterator[tuple[str, int, list[Event]]]:
        """Each case with its first line and its events by time, those of one moment as the file has them."""
        if not self._times:
            return
        import numpy as np

        case_of = np.frombuffer(self._case_of, dtype=np.uint32)
        order = np.lexsort((np.frombuffer(self._times, dtype=np.int64), case_of))
        ends = np.cumsum(np.bincount(case_of, minlength=len(self._cases.texts)))
        begin = 0
        for number, end in enumerate(ends.tolist()):
            events = [event for place in order[begin:end].tolist() for event in self._event(place)]
            yield self._cases.texts[number], self._lines[number], events
            begin = end

    def _event(self, place: int) -> list[Event]:
        """An event; one that has a beginning and an end is two."""
        step, author, stage, *values = [words.texts[kept[place]] for _at, words, kept in self._columns]
        at = _EPOCH + self._times[place] * _MICROSECOND
        if not self._ends or self._ends[place] == _NEVER:
            return [Event(at, step, author, stage, tuple(values))]
        end = _EPOCH + self._ends[place] * _MICROSECOND
        begun = Event(at, step, author, "start", tuple(None for _value in values))
        return [begun, Event(end, step, author, "complete", tuple(values))]
