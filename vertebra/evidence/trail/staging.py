"""What files would do to the trail of a source, written aside: nobody sees it before it is published."""

import datetime as dt
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from vertebra.connectors.trail import Item, Sprint
from vertebra.evidence.models import TrailVersion
from vertebra.evidence.trail import places, pseudonyms
from vertebra.evidence.trail.forgetting import rewrite
from vertebra.evidence.trail.merging import Merged, merge
from vertebra.evidence.trail.missing import mark
from vertebra.evidence.trail.staged import MovedOn, Staged, Told
from vertebra.evidence.trail.telling import NAMED, tell
from vertebra.evidence.trail.writing import Writer
from vertebra.kit.memory import many_objects
from vertebra.sources.models import Source

SHOWN = 20
Progress = Callable[[int], None]
Parts = Callable[[Writer], Generator[Iterable[Item]]]
Sprints = Callable[[], tuple[Sequence[Sprint], dt.datetime | None]]


def current_of(source: Source | None) -> TrailVersion | None:
    """The trail of a source as it stands."""
    if source is None or source.pk is None:
        return None
    return TrailVersion.objects.filter(source=source, superseded_at=None).first()


def stage(
    items: Iterable[Item],
    source: Source | None,
    folder: Path,
    progress: Progress,
    sprints: Sprints = lambda: ((), None),
) -> Staged:
    """Write the items aside, merged with what the source has told before; sprints told apart, and when, come last."""

    def whole(_writer: Writer) -> Generator[Iterable[Item]]:
        yield items

    return stage_parts(whole, source, folder, progress, sprints)


def stage_parts(
    parts: Parts,
    source: Source | None,
    folder: Path,
    progress: Progress,
    sprints: Sprints = lambda: ((), None),
) -> Staged:
    """The same of items that come in parts, one after the other."""
    base, key = current_of(source), pseudonyms.key_of(source) or pseudonyms.new_key()
    raw, made = folder / "told", folder / "made"
    raw.mkdir()
    made.mkdir()
    people = pseudonyms.Pseudonyms(key, pseudonyms.forgotten_of(source))
    writer = Writer(raw, people)
    first: list[dict[str, Any]] = []
    with many_objects(), closing(parts(writer)) as every:
        for items in every:
            writer.write_all(_noting(items, first), progress)
    apart, at = sprints()
    if at is not None:
        writer.write_sprints(apart, at)
    told, stored = writer.close(), _stored(base)
    try:
        merged = merge(told, stored, made)
    except Exception as error:
        # An erasure removes at once the files that it wrote again.
        if current_of(source) != base:
            raise MovedOn from error
        raise
    return _staged(base, people, folder, merged, first)


def stage_without_forgotten(source: Source, folder: Path) -> Staged | None:
    """Write the trail of a source aside once more, without those who were erased; nothing where it has none."""
    base, key = current_of(source), pseudonyms.key_of(source)
    if base is None or key is None:
        return None
    made = folder / "made"
    made.mkdir()
    people = pseudonyms.Pseudonyms(key, pseudonyms.forgotten_of(source))
    return _staged(base, people, folder, rewrite(_stored(base), made, people.forgotten), [])


def stage_missing(
    source: Source, there: Iterable[str], projects: Sequence[str], folder: Path, now: dt.datetime
) -> Staged | None:
    """Write the work items of a source aside with what is gone from its tool; nothing where it has no trail."""
    base, key = current_of(source), pseudonyms.key_of(source)
    if base is None or key is None:
        return None
    made = folder / "made"
    made.mkdir()
    people = pseudonyms.Pseudonyms(key, pseudonyms.forgotten_of(source))
    return _staged(base, people, folder, mark(_stored(base), made, there, projects, now), [])


def _stored(base: TrailVersion | None) -> dict[str, list[Path]]:
    if base is None:
        return {}
    return {table: places.paths_of(base.source_id, base.files, table) for table in places.TABLES}


def _staged(
    base: TrailVersion | None,
    people: pseudonyms.Pseudonyms,
    folder: Path,
    merged: Merged,
    first: list[dict[str, Any]],
) -> Staged:
    told = Told()
    if merged.changes_anything:
        files = {
            table: [*merged.kept.get(table, ()), *([merged.made[table]] if table in merged.made else ())]
            for table in places.TABLES
        }
        named = _named_before(base) if merged.kept.get("changes") else None
        added = [merged.made["changes"]] if "changes" in merged.made else []
        told = tell(files, folder, named=named, added=added)
        places.settle(folder / "made")
    home = places.folder_of(base.source_id) if base else folder
    kept = {
        table: [path.relative_to(home).as_posix() for path in paths] for table, paths in merged.kept.items()
    }
    made = folder / "made"
    return Staged(
        base, people.key, people.forgotten, made, kept, merged.counts, told, merged.changes_anything, first
    )


def _named_before(base: TrailVersion | None) -> list[str] | None:
    """The statuses that the changes of a version name, if it tells them all."""
    named = base.parts.get(NAMED) if base else None
    return None if named is None else [part["name"] for part in named]


def _noting(items: Iterable[Item], first: list[dict[str, Any]]) -> Iterator[Item]:
    """The same items, of which the first are noted to be shown: no people, no texts."""
    for item in items:
        if len(first) < SHOWN:
            first.append(
                {"key": item.key, "kind": item.kind, "project": item.project, "status": item.status,
                 "changes": len(item.changes), "created_at": item.created_at, "updated_at": item.updated_at}
            )  # fmt: skip
        yield item
