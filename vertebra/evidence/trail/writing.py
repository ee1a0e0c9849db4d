"""Writing the items of files as columns, batch by batch: no names of people, no texts that people wrote."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from vertebra.connectors.trail import PEOPLE, Item, Sprint
from vertebra.evidence.trail.columns import SCHEMAS, TURN, TURNS
from vertebra.evidence.trail.pseudonyms import Pseudonyms

# Rows in memory at most, whatever the size of the files.
BATCH = 100_000
_AT_ONCE = 500
LONGEST_NAME = 500
_EPOCH, _MICROSECOND = dt.datetime(1970, 1, 1, tzinfo=dt.UTC), dt.timedelta(microseconds=1)


class Writer:
    """Writes items into a folder, a file for each table; a table of which nothing was told has none."""

    def __init__(self, folder: Path, people: Pseudonyms) -> None:
        self.folder = folder
        self.people = people
        self.turn = self.count = 0
        self.counts = dict.fromkeys(("items", "changes", "links", "sprints"), 0)
        self._sprints: dict[str, tuple[Sprint, int, int]] = {}
        self._taken_over: Mapping[str, Path] = {}
        self._tables = {
            name: _Table(folder / f"{name}.parquet", name) for name in ("items", "changes", "links")
        }

    def write_all(self, items: Iterable[Item], progress: Callable[[int], None]) -> None:
        """Write items as they come, and tell from time to time how many they are in all."""
        rest = iter(items)
        while batch := list(islice(rest, _AT_ONCE)):
            self._write(batch)
            progress(self.count)

    def _write(self, items: Sequence[Item]) -> None:
        self.count += len(items)
        for item in items:
            self.turn += 1
            updated = moment(item.updated_at)
            self._item(item, updated)
            self._changes(item)
            self._links(item)
            for sprint in item.sprints:
                self._sprint(sprint, updated, self.turn)

    def _sprint(self, sprint: Sprint, updated: int, turn: int) -> None:
        known = self._sprints.get(sprint.external_id)
        if known is None or known[1:] <= (updated, turn):
            self._sprints[sprint.external_id] = (sprint, updated, turn)

    def _item(self, item: Item, updated: int) -> None:
        of = self.people.of
        self._tables["items"].add(
            item.external_id, item.key, item.project, item.kind, item.title[:LONGEST_NAME], item.status, item.category,
            moment(item.created_at), updated, moment(item.resolved_at) if item.resolved_at else None, item.due_on,
            item.priority, item.resolution, item.parent, item.points, of(item.reporter), of(item.assignee),
            item.comments, list(item.labels), list(item.components), list(item.versions),
            [one.external_id for one in item.sprints],
            json.dumps(item.fields, ensure_ascii=False, sort_keys=True) if item.fields else "{}",
            None,
            self.turn,
        )  # fmt: skip

    def _changes(self, item: Item) -> None:
        """Column by column, since there are ten times more of them than of anything else."""
        changes, people, table = item.changes, self.people, self._tables["changes"]
        if not changes:
            return
        known, of = people.known, people.of
        at = [(change.at - _EPOCH) // _MICROSECOND for change in changes]
        fields = [change.field for change in changes]
        before = [change.before for change in changes]
        after = [change.after for change in changes]
        if not PEOPLE.isdisjoint(fields):
            for place, name in enumerate(fields):
                if name in PEOPLE:
                    before[place], after[place] = of(before[place]), of(after[place])
        # A change that nobody is told to have made has the empty author, who is known.
        authors = [known[who] if (who := change.author) in known else of(who) for change in changes]
        table.extend(
            [item.external_id] * len(changes),
            at,
            fields,
            before,
            after,
            authors,
            _nth(at, fields, before, after),
        )

    def _links(self, item: Item) -> None:
        for relation, other in {(tie.relation, tie.other): None for tie in item.ties}:
            self._tables["links"].add(item.external_id, relation, other, self.turn)

    def write_sprints(self, sprints: Iterable[Sprint], at: dt.datetime) -> None:
        """Write sprints as they are at that moment, whatever work items told of them."""
        for sprint in sprints:
            self._sprints[sprint.external_id] = (sprint, moment(at), self.turn)

    @property
    def sprints(self) -> list[tuple[Sprint, int, int]]:
        """The sprints that items told of, and by which of them."""
        return list(self._sprints.values())

    def take_over(self, files: Mapping[str, Path], sprints: Iterable[tuple[Sprint, int, int]]) -> None:
        """Have what another wrote lie beside what is written here."""
        self._taken_over = files
        for sprint, updated, turn in sprints:
            self._sprint(sprint, updated, turn)

    def close(self) -> dict[str, list[Path]]:
        """Write what is left; gives the files of each table that has rows."""
        table = _Table(self.folder / "sprints.parquet", "sprints")
        for sprint, updated, _turn in self._sprints.values():
            days = (
                moment(day) if day else None
                for day in (sprint.starts_at, sprint.ends_at, sprint.completed_at)
            )
            table.add(sprint.external_id, sprint.name[:LONGEST_NAME], sprint.state, *days, updated)
        tables = {**self._tables, "sprints": table}
        self.counts = {name: one.close() for name, one in tables.items()}
        written = {name: [one.path] if self.counts[name] else [] for name, one in tables.items()}
        for name, path in self._taken_over.items():
            written[name].append(path)
        return {name: paths for name, paths in written.items() if paths}


def turns_of(part: int) -> int:
    """Where the turns of the items of one file begin: after those of all files before it, whoever reads them."""
    return part << 32


def moment(at: dt.datetime) -> int:
    """A moment in microseconds, as columns keep it."""
    return (at - _EPOCH) // _MICROSECOND


def _nth(at: list[int], *parts: list[str]) -> list[int]:
    """A log may tell the same twice at one moment: each is kept, known by its number, 0 for the first."""
    if len(set(at)) == len(at):
        return [0] * len(at)
    seen: dict[tuple[Any, ...], int] = {}
    found = []
    for told in zip(at, *parts, strict=True):
        seen[told] = nth = seen.get(told, -1) + 1
        found.append(nth)
    return found


class _Table:
    """One file while it is written."""

    def __init__(self, path: Path, name: str) -> None:
        self.path = path
        self.schema = SCHEMAS[name].append(TURN) if name in TURNS else SCHEMAS[name]
        self.count = 0
        self._waiting: list[list[Any]] = [[] for _field in self.schema]
        self._writer: pq.ParquetWriter | None = None

    def add(self, *row: Any) -> None:
        """One row, a value for each column."""
        for column, value in zip(self._waiting, row, strict=True):
            column.append(value)
        if len(self._waiting[0]) >= BATCH:
            self._flush()

    def extend(self, *columns: Sequence[Any]) -> None:
        """Some rows at once, as columns."""
        for column, values in zip(self._waiting, columns, strict=True):
            column.extend(values)
        if len(self._waiting[0]) >= BATCH:
            self._flush()

    def _flush(self) -> None:
        if not self._waiting[0]:
            return
        columns = [
            _column(values, field.type) for values, field in zip(self._waiting, self.schema, strict=True)
        ]
        self.count += len(self._waiting[0])
        self._waiting = [[] for _field in self.schema]
        if self._writer is None:
            self._writer = pq.ParquetWriter(self.path, self.schema, compression="zstd")
        self._writer.write_table(pa.Table.from_arrays(columns, schema=self.schema))

    def close(self) -> int:
        """Write what is left, end the file; gives how many rows it has."""
        self._flush()
        if self._writer is not None:
            self._writer.close()
        return self.count


def _column(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """Moments are counted in whole numbers first: seven times faster than from times with zones."""
    if pa.types.is_timestamp(kind):
        return pa.array(values, pa.int64()).cast(kind)
    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:  # half a character, as broken exports have
        return pa.array([_whole(value) for value in values], kind)


def _whole(value: Any) -> Any:
    if isinstance(value, list):
        return [_whole(one) for one in value]
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
