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


class _Words:
    """Texts that repeat, each kept once and known by a number."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self.texts: list[str] = []

    def number(self, text: str) -> int:
        found = self._numbers.setdefault(text, len(self.texts))
        if found == len(self.texts):
            self.texts.append(text)
        return found


class _Events:
    """All events of a table in a few bytes each, so that a million takes little room."""

    def __init__(self, places: Mapping[str, int], moments: Moments) -> None:
        self._case, self._at = places["case"], places["at"]
        self._end = places.get("end")
        self._step = "status" if "status" in places else "activity"
        self._moments = moments
        own = [name for name in places if name not in OF_EVENTS]
        # Where both are told, the status is the step and the activity what was done.
        self.fields = ["activity", *own] if self._step == "status" and "activity" in places else own
        columns = [self._step, "resource", "lifecycle", *self.fields]
        self._places = [places.get(name) for name in columns]
        self._words = [_Words() for _name in columns]
        self._cells = [array("I") for _name in columns]
        self._cases = _Words()
        self._lines = array("Q")
        self._case_of = array("I")
        self._times = array("q")
        self._ends = array("q")

    def case_of(self, row: Row) -> str:
        """The case of a row, if it names one."""
        return _at(row, self._case)

    def take(self, row: Row) -> str:
        """Keep an event; what it lacks, if it cannot be kept."""
        case = _at(row, self._case)
        at = self._moments.read(row.cells[self._at] if self._at < len(row.cells) else None)
        if not case or at is None:
            return "at" if case else "case"
        if not _at(row, self._places[0]):
            return "activity"
        number = self._cases.number(case)
        if number == len(self._lines):
            self._lines.append(row.line)
        self._case_of.append(number)
        self._times.append((at - _EPOCH) // _MICROSECOND)
        if self._end is not None:
            end = self._moments.read(row.cells[self._end] if self._end < len(row.cells) else None)
            self._ends.append((max(end, at) - _EPOCH) // _MICROSECOND if end is not None else _NEVER)
        for place, words, cells in zip(self._places, self._words, self._cells, strict=True):
            cells.append(words.number(_at(row, place)))
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
        step, author, stage, *values = (
            words.texts[cells[place]] for words, cells in zip(self._words, self._cells, strict=True)
        )
        at = _EPOCH + self._times[place] * _MICROSECOND
        if not self._ends or self._ends[place] == _NEVER:
            return [Event(at, step, author, stage, tuple(values))]
        end = _EPOCH + self._ends[place] * _MICROSECOND
        begun = Event(at, step, author, "start", tuple(None for _value in values))
        return [begun, Event(end, step, author, "complete", tuple(values))]


def _at(row: Row, place: int | None) -> str:
    return cell_text(row.cells[place]) if place is not None and place < len(row.cells) else ""
