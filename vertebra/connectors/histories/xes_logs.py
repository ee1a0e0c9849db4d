"""Event logs in XES, the standard of process mining: read trace by trace, entities refused, nested values passed over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.histories.cases import OF_EVENTS, STEP, CaseReader, Event
from vertebra.connectors.histories.moments import Moments, zone_of
from vertebra.connectors.histories.noted import Noted
from vertebra.connectors.histories.packed import PackedFile
from vertebra.connectors.trail import Flaw, FlawCode, Item
from vertebra.kit.files.problems import Code

# Which attributes play which part, unless a mapping says otherwise.
_PARTS: Mapping[str, str] = {
    "case": "concept:name",
    "status": "concept:name",
    "at": "time:timestamp",
    "resource": "org:resource",
    "lifecycle": "lifecycle:transition",
    "team": "org:group",
}
_VALUES = frozenset({"string", "date", "int", "float", "boolean", "id"})
_CUT = frozenset({"no element found", "unclosed token", "unclosed CDATA section", "partial character"})
_DEEPEST = 500
# Twenty thousand events of one case, as logs write them.
_LONGEST_TRACE = 16 * 1024 * 1024


@dataclass(slots=True)
class _Trace:
    """A case as it is read: what is told of the whole, and of each event with its line."""

    line: int
    begin: int
    about: dict[str, str] = field(default_factory=dict)
    events: list[tuple[int, dict[str, str]]] = field(default_factory=list)


class XesFile:
    """A log of traces, plain or packed."""

    def __init__(self, file: PackedFile, mapping: Mapping[str, str], now: dt.datetime) -> None:
        self._file = file
        given = dict(mapping)
        self._moments = Moments(zone_of(given.pop("zone", "")))
        parts = {**_PARTS, **given}
        self._step = parts[STEP[0] if STEP[0] in given or STEP[1] not in given else STEP[1]]
        self._parts = parts
        self._own = {name: key for name, key in parts.items() if name not in OF_EVENTS}
        self._noted = Noted(file.name, now)
        self._reader = CaseReader(tuple(self._own), self._noted)

    @property
    def flaws(self) -> list[Flaw]:
        """What was wrong with single events or traces."""
        return self._noted.flaws

    def items(self) -> Iterator[Item]:
        """The traces as items, in the order of the file."""
        log = _Log(self._file)
        for trace in log.traces():
            if (item := self._item(trace)) is not None:
                yield item

    def _item(self, trace: _Trace) -> Item | None:
        case = trace.about.get(self._parts["case"], "").strip()
        if not case:
            self._noted.add(FlawCode.ITEM_WITHOUT, trace.line, what="case", key="")
            return None
        events = [made for line, told in trace.events if (made := self._event(case, line, told)) is not None]
        if not events:
            self._noted.add(FlawCode.ITEM_WITHOUT, trace.line, what="events", key=case)
            return None
        about = {name: trace.about[key] for name, key in self._own.items() if key in trace.about}
        return self._reader.item(case, events, trace.line, about)

    def _event(self, case: str, line: int, told: dict[str, str]) -> Event | None:
        at = self._moments.read(told.get(self._parts["at"]))
        step = told.get(self._step, "").strip()
        if at is None or not step:
            what = "at" if at is None else "activity"
            self._noted.add(FlawCode.EVENT_WITHOUT, line, what=what, key=case)
            return None
        transition = told.get(self._parts["lifecycle"], "")
        values = tuple(told.get(key) for key in self._own.values())
        return Event(at, step, told.get(self._parts["resource"], ""), transition, values)


class _Log:
    """Follows the elements of a log and hands over each trace at its end."""

    def __init__(self, file: PackedFile) -> None:
        self._file = file
        self._parser = parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.EntityDeclHandler = self._refuse
        parser.ExternalEntityRefHandler = self._refuse
        self._inside: list[str] = []
        self._trace: _Trace | None = None
        self._done: list[_Trace] = []

    def traces(self) -> Iterator[_Trace]:
        """The traces, as they are read."""
        fed = 0
        for chunk in self._file.chunks():
            fed += len(chunk)
            yield from self._parsed(chunk)
            if fed - self._parser.CurrentByteIndex > _LONGEST_TRACE:
                raise self._file.too_long(_LONGEST_TRACE)
        yield from self._parsed(b"", is_last=True)

    def _parsed(self, chunk: bytes, *, is_last: bool = False) -> list[_Trace]:
        try:
            self._parser.Parse(chunk, is_last)
        except expat.ExpatError as error:
            detail = expat.ErrorString(error.code)
            is_cut = is_last and detail in _CUT
            code = Code.TRUNCATED if is_cut else Code.SYNTAX
            raise self._file.refused(code, error.lineno, detail=detail) from error
        finally:
            self._file.line = self._parser.CurrentLineNumber
        done, self._done = self._done, []
        return done

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        inside = self._inside
        tag = tag.rpartition(":")[2]
        if not inside and tag != "log":
            raise Trouble(Fault.FORM_STRANGE, file=self._file.name, form="xes")
        if len(inside) > _DEEPEST:
            raise self._file.refused(Code.TOO_DEEP, self._parser.CurrentLineNumber, limit=_DEEPEST)
        trace = self._trace
        if trace is None:
            if tag == "trace" and len(inside) == 1:
                self._trace = _Trace(self._parser.CurrentLineNumber, self._parser.CurrentByteIndex)
        elif tag == "event" and len(inside) == 2:
            if self._parser.CurrentByteIndex - trace.begin > _LONGEST_TRACE:
                raise self._file.too_long(_LONGEST_TRACE)
            trace.events.append((self._parser.CurrentLineNumber, {}))
        elif tag in _VALUES and (key := attributes.get("key")):
            # Values inside values, and those of lists, are passed over.
            if inside[-1] == "event" and len(inside) == 3:
                trace.events[-1][1][key] = attributes.get("value", "")
            elif inside[-1] == "trace" and len(inside) == 2:
                trace.about[key] = attributes.get("value", "")
        inside.append(tag)

    def _end(self, _tag: str) -> None:
        self._inside.pop()
        if len(self._inside) == 1 and self._trace is not None:
            self._done.append(self._trace)
            self._trace = None

    def _refuse(self, *_declared: object) -> int:
        line = self._parser.CurrentLineNumber
        raise Trouble(Fault.ENTITIES_REFUSED, file=self._file.name, line=line)
