"""Many topics, or a whole roadmap, told at once: all or nothing, and the same twice changes nothing."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Field as Rule
from ninja import Schema

from vertebra.accounts.api import ApiRequest
from vertebra.accounts.together import cards_of
from vertebra.kit import clock
from vertebra.kit.api import PROBLEMS, Problem, alone, answer, refuse_rows
from vertebra.org.api.records import MOST, RecordsOut, SourceName, ToldRecord, read_records
from vertebra.org.api.schemas import Id, Name, Text
from vertebra.org.empty_spaces import language_now
from vertebra.org.models import Field, Person
from vertebra.roadmap.actions.topic_imports import ToldTopic, bring_topics
from vertebra.roadmap.api.routes import IMPORT, router
from vertebra.roadmap.api.topics import Days, Origin
from vertebra.roadmap.models import Objective

if TYPE_CHECKING:
    from vertebra.roadmap.importing.plan import Plan


class RoadmapRecordIn(ToldRecord):
    """An initiative, one moment of its history, or a release with its day, as the tool tells it."""

    kind: Literal["initiative", "revision", "release"]


class RoadmapIn(Schema):
    """What a tool tells of its roadmap; with `full`, what it told before and tells no more is archived."""

    source: SourceName
    records: Annotated[list[RoadmapRecordIn], Rule(max_length=MOST)]
    full: bool = False
    confirm_closing: Annotated[int | None, Rule(ge=0, le=10_000_000)] = None
    dry_run: bool = False


class TopicRowIn(Schema):
    """A topic as another tool holds it; `raised_by` is the person who raised it there, and is told what is decided."""

    title: Name
    description: Text = ""
    origin: Origin | None = None
    raised_by: Id | None = None
    field: Id | None = None
    objective: Id | None = None
    effort_days: Days | None = None
    is_quick_win: bool = False


class TopicRowsIn(Schema):
    """Topics told apart by what they are raised from, else by their title."""

    source: SourceName
    topics: Annotated[list[TopicRowIn], Rule(max_length=MOST)]


class TopicsBroughtOut(Schema):
    """How many topics are new, how many got a voice that they had not, how many are as they were."""

    created: int
    changed: int
    unchanged: int
    entry: int | None


@router.post(
    "/bulk/initiatives",
    response={200: RecordsOut, **PROBLEMS},
    auth=IMPORT,
    operation_id="tell_initiatives",
    summary="Tell a roadmap, with its history",
)
def tell_initiatives(request: ApiRequest, body: RoadmapIn) -> HttpResponse:
    """The same import as that of files: what a hand changed stays until the tool tells otherwise."""
    from vertebra.roadmap.importing import actions
    from vertebra.roadmap.importing.planning import plan_import

    now = clock.now()
    records = read_records(body.records)
    if body.dry_run:
        return answer(_told(plan_import(records, source=body.source, now=now, is_full=body.full), None))
    try:
        with alone():
            done = actions.import_roadmap(
                actor=request.user,
                records=records,
                source=body.source,
                now=now,
                is_full=body.full,
                confirmed_closing=body.confirm_closing,
            )
    except actions.HasErrors as error:
        refuse_rows([one.as_json() for one in error.plan.troubles if one.is_blocking])
        raise
    except actions.TooMuchToArchive as error:
        raise Problem(409, "refused", str(error)) from error
    return answer(_told(done.plan, done.entry.pk if done.entry else None))


def _told(plan: "Plan", entry: int | None) -> dict[str, Any]:
    return {"counts": plan.summary(), "unknown": plan.unknowns[:1000], "entry": entry}


@router.post(
    "/bulk/topics",
    response={200: TopicsBroughtOut, **PROBLEMS},
    auth=IMPORT,
    operation_id="tell_topics",
    summary="Tell many topics at once",
)
def tell_topics(request: ApiRequest, body: TopicRowsIn) -> HttpResponse:
    """Raise topics that another tool collected; one that is known gets the voice, and nothing else changes."""
    told = _topics(request, body.topics)
    with alone():
        brought = bring_topics(
            actor=request.user, told=told, source=body.source, language=language_now(), now=clock.now()
        )
    entry = brought.entry.pk if brought.entry else None
    counts = {"created": brought.created, "changed": brought.changed, "unchanged": brought.unchanged}
    return answer({**counts, "entry": entry})


def _wrong_names(
    rows: list[TopicRowIn], known: dict[str, dict[int, Any]], open_ones: set[tuple[str, int]]
) -> list[dict[str, Any]]:
    """What these rows name that is not there, or not open to who sends them."""
    errors: list[dict[str, Any]] = []
    for at, row in enumerate(rows):
        if row.origin and (row.origin.kind, row.origin.id) not in open_ones:
            errors.append(
                {
                    "field": f"topics.{at}.origin",
                    "message": f"There is no {row.origin.kind} {row.origin.id}, or it is not open to you.",
                    "remedy": "Correct its number, or leave it out.",
                }
            )
        errors += [
            {
                "field": f"topics.{at}.{name}",
                "message": f"There is nothing of the number {number}.",
                "remedy": "Correct it, or leave it out.",
            }
            for name, found in known.items()
            if (number := getattr(row, name)) is not None and number not in found
        ]
    return errors


def _topics(request: ApiRequest, rows: list[TopicRowIn]) -> list[ToldTopic]:
    """The rows with what they name; one 422 problem for everything that they name wrongly."""
    known: dict[str, dict[int, Any]] = {}
    for name, model in (("raised_by", Person), ("field", Field), ("objective", Objective)):
        ids = {getattr(row, name) for row in rows} - {None}
        known[name] = model._default_manager.in_bulk(list(ids))
    open_ones: set[tuple[str, int]] = set()
    for kind in {row.origin.kind for row in rows if row.origin}:
        ids = {row.origin.id for row in rows if row.origin and row.origin.kind == kind}
        open_ones |= {(kind, pk) for pk in cards_of(request.user, kind, sorted(ids))}
    refuse_rows(_wrong_names(rows, known, open_ones))
    return [
        ToldTopic(
            title=row.title,
            description=row.description,
            origin=(str(row.origin.kind), row.origin.id) if row.origin else None,
            effort_days=row.effort_days,
            is_quick_win=row.is_quick_win,
            person=known["raised_by"].get(row.raised_by or 0),
            field=known["field"].get(row.field or 0),
            objective=known["objective"].get(row.objective or 0),
        )
        for row in rows
    ]
