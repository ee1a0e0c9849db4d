"""Computing flow from trails: which places of work there are, the figures of those it is looked at for, hand-overs.

Only jobs load this. What was computed takes the place of what was there at once: readers see the one or the other.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

import ibis
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Coalesce

from vertebra.analysis.fields import own_field
from vertebra.analysis.flow import figures as analysis
from vertebra.analysis.flow.facts import Tables, meanings_of, places_of
from vertebra.analysis.flow.figures import Done, Flow, UnderWay
from vertebra.analysis.flow.groups import HANDS, STANDINGS, GroupsOf, Known, look
from vertebra.analysis.flow.periods import Period, months_of, week_number
from vertebra.connectors.trail import PEOPLE
from vertebra.evidence.labels import FlowGrain, PlaceWay
from vertebra.evidence.models import FlowFigure, FlowRun, HandOverQuestion, TrailVersion, WorkPlace
from vertebra.evidence.queries.flow_asked import Asked, asked_now
from vertebra.evidence.trail import places
from vertebra.evidence.trail.tables import engine, opened
from vertebra.evidence.trail.telling import parts_of
from vertebra.evidence.trail.told import before_now, keep, keep_known, known_of, rows_that_stay

# So many months back are told, so many places of each kind and fields of each source are offered.
MOST_MONTHS = 36
MOST_PLACES = 500
MOST_FIELDS = 60
_OF_DONE = {one.name for one in FlowFigure._meta.concrete_fields} & set(Done.__dataclass_fields__) - {"kind"}


def figure(now: dt.datetime) -> dict[str, int]:
    """Compute all of it anew, and put it in the place of what was there."""
    asked = asked_now(now)
    with places.aside() as scratch, engine(scratch) as connection:
        found = _places(connection, asked.versions) if asked.versions else {}
        fields = _fields(connection, asked.versions) if asked.versions else {}
        flow, until = _flow(connection, asked)
        handed = {one.pk: _handed(connection, asked, one) for one in asked.questions}
    with transaction.atomic():
        _note_places(found)
        rows = _replace(flow, asked.groups, now)
        for question in asked.questions:
            _tell_hand_overs(question, *handed[question.pk], now)
        FlowRun.objects.all().delete()
        FlowRun.objects.create(stamp=asked.stamp, computed_at=now, until=until, fields=fields)
    return {"figures": rows, "places": sum(map(len, found.values())), "hand_overs": len(handed)}


def _flow(connection: Any, asked: Asked) -> tuple[Flow, dt.date | None]:
    months, before = _months(asked.versions), before_now()
    until = months[-1].starts_on if months else None
    if not (months and asked.places and asked.groups):
        # What nobody asks for now was seen by somebody; of removed sources nothing is kept.
        return Flow((), (), before.said if asked.versions else {}), until
    trail = Tables(
        opened(connection, asked.versions, "items"), opened(connection, asked.versions, "changes"),
        meanings_of(asked.meanings), places_of(asked.places), asked.ways,
    )  # fmt: skip
    return analysis.figures(trail, asked.parents, asked.groups, months, before), until


def _months(versions: Iterable[TrailVersion]) -> list[Period]:
    """The months that trails tell to their end."""
    spans = [(one.earliest_at, one.latest_at) for one in versions if one.earliest_at and one.latest_at]
    if not spans:
        return []
    first = week_number(min(begin for begin, _end in spans).date())
    last = week_number(max(end for _begin, end in spans).date()) - 1
    return months_of(first - 5, last)[-MOST_MONTHS:]


def _handed(connection: Any, asked: Asked, question: HandOverQuestion) -> tuple[Known, GroupsOf]:
    mine, known = [one for one in asked.versions if one.source_id == question.source_id], known_of(question)
    if not mine:
        return known, GroupsOf(None, None, ())
    items, changes = (opened(connection, mine, name) for name in ("items", "changes"))
    return known, look(items, changes, question.field, question.steps, known)


def _tell_hand_overs(question: HandOverQuestion, known: Known, found: GroupsOf, now: dt.datetime) -> None:
    """New figures in the place of the old, as far as they may be told anew."""
    figures, told = dict(question.figures), asdict(replace(found, shown={}))
    if HANDS in found.shown:
        figures["hands"] = told["hands"]
    if STANDINGS in found.shown:
        figures |= {"whole": told["whole"], "standings": told["standings"]}
    is_asked = HandOverQuestion.objects.filter(pk=question.pk).update(
        figures=figures, computed_at=now, first_at=Coalesce("first_at", Value(now))
    )
    if is_asked:
        keep_known(question, known, found.shown)


def _places(connection: Any, versions: Iterable[TrailVersion]) -> dict[tuple[int, str], list[dict[str, Any]]]:
    """The places of work of each source and kind, those of most items first."""
    items = opened(connection, versions, "items")
    told = items.filter(items.fields.contains('"team"'))
    named = {
        PlaceWay.PROJECT: items.select("source", value="project"),
        PlaceWay.COMPONENT: items.select("source", value=items.components.unnest()),
        PlaceWay.LABEL: items.select("source", value=items.labels.unnest()),
        PlaceWay.TEAM: told.select("source", value=own_field(told, "team")),
    }
    found: dict[tuple[int, str], list[dict[str, Any]]] = {}
    for way, rows in named.items():
        counted = (
            rows.filter(rows.value.notnull() & (rows.value != ""))
            .group_by(["source", "value"])
            .agg(count=ibis._.count())
        )
        by_source: dict[int, list[tuple[str, str, int]]] = {}
        for one in counted.order_by([ibis.desc("count"), "value"]).to_pyarrow().to_pylist():
            by_source.setdefault(one["source"], []).append((one["value"], "", int(one["count"])))
        found |= {(source, str(way)): parts_of(some, MOST_PLACES) for source, some in by_source.items()}
    return found


def _fields(connection: Any, versions: Iterable[TrailVersion]) -> dict[str, list[str]]:
    """The fields whose changes each source tells of, without those that hold people."""
    changes = opened(connection, versions, "changes")
    rows = changes.filter(~changes.field.lower().isin(sorted(PEOPLE)))
    counted = (
        rows.group_by(["source", "field"]).agg(count=rows.count()).order_by([ibis.desc("count"), "field"])
    )
    found: dict[str, list[str]] = {}
    for one in counted.to_pyarrow().to_pylist():
        found.setdefault(str(one["source"]), []).append(one["field"])
    return {source: names[:MOST_FIELDS] for source, names in found.items()}


def _note_places(found: Mapping[tuple[int, str], list[dict[str, Any]]]) -> None:
    """Places that came are added, those that nobody mapped and nothing names any more go."""
    held = {(one.source_id, one.way, one.value): one for one in WorkPlace.objects.all()}
    told = {
        (source, way, part["name"]): part["count"] for (source, way), some in found.items() for part in some
    }
    WorkPlace.objects.bulk_create(
        [
            WorkPlace(source_id=source, way=way, value=value, count=count, weight=count or 0)
            for (source, way, value), count in told.items()
            if (source, way, value) not in held
        ]
    )
    gone = [one.pk for key, one in held.items() if key not in told and not one.is_mapped]
    WorkPlace.objects.filter(pk__in=gone, is_mapped=False).delete()
    changed = [one for key, one in held.items() if one.pk not in gone and one.count != told.get(key)]
    for one in changed:
        one.count = told.get((one.source_id, one.way, one.value))
        one.weight = one.count or 0
    WorkPlace.objects.bulk_update(changed, ["count", "weight"], batch_size=500)


def _replace(flow: Flow, groups: Collection[str], now: dt.datetime) -> int:
    """New figures in the place of the old, but for months that stay; when a period was first told of a unit is kept."""
    first = {
        (unit, grain, starts_on): at
        for unit, grain, starts_on, at in FlowFigure.objects.order_by("-first_at").values_list(
            "unit", "grain", "starts_on", "first_at"
        )
    }
    rows = {_key(row): row for row in rows_that_stay(flow, groups)}
    anew: list[Done | UnderWay] = [*flow.done, *flow.under_way]
    for one in anew:
        new = _row(one, first, now)
        row = rows.setdefault(_key(new), new)
        if isinstance(one, Done):
            for name in _OF_DONE:
                setattr(row, name, getattr(one, name))
            row.statuses = [list(pair) for pair in one.statuses]
        else:
            row.under_way, row.age_50, row.age_85 = one.count, one.age_50, one.age_85
    FlowFigure.objects.all().delete()
    FlowFigure.objects.bulk_create(rows.values(), batch_size=500)
    keep(flow.said)
    return len(rows)


def _key(row: FlowFigure) -> tuple[Any, ...]:
    return row.unit_id, row.area_id, row.kind, row.grain, row.starts_on


def _row(
    one: Done | UnderWay, first: Mapping[tuple[int, str, dt.date], dt.datetime], now: dt.datetime
) -> FlowFigure:
    unit, _sign, area = one.group[1:].partition("/a")
    grain = FlowGrain.WEEK if one.period.is_week else FlowGrain.MONTH
    return FlowFigure(
        unit_id=int(unit), area_id=int(area) if area else None, kind=one.kind[:200], grain=grain,
        starts_on=one.period.starts_on, weeks=one.period.weeks,
        first_at=first.get((int(unit), grain, one.period.starts_on), now),
    )  # fmt: skip
