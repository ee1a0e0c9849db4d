"""Practices read and written by tools: what they say, what they are for whom; ideas, trials, proposals, contributions."""

import datetime as dt
from collections import defaultdict
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Field as Rule
from ninja import Query, Schema

from vertebra.accounts.api import ApiRequest, made, newly_made
from vertebra.accounts.labels import Kind
from vertebra.kit import clock
from vertebra.kit.api import (
    PROBLEMS,
    Asked,
    Fields,
    Problem,
    answer,
    named,
    needed,
    not_found,
    page_for,
    page_of,
)
from vertebra.org.api.schemas import Id, Made, Name, Text
from vertebra.org.empty_spaces import language_now, person_of
from vertebra.org.models import Field, Person, Unit
from vertebra.org.queries.structure import Structure
from vertebra.practices.actions.contributions import contribute
from vertebra.practices.actions.life import propose_practice, start_trial
from vertebra.practices.actions.practices import change_practice, create_practice
from vertebra.practices.actions.versions import write_text
from vertebra.practices.api.routes import READ, TAKE_PART, router
from vertebra.practices.labels.practices import ContributionKind, PracticeState, Reach
from vertebra.practices.models import Practice, PracticeReach
from vertebra.practices.queries.listing import in_unit, practices
from vertebra.practices.queries.rights import is_of_team, may_change
from vertebra.practices.queries.texts import versions_of

Steps = Annotated[str, Rule(max_length=20_000, pattern=r"^[^\x00]*$")]
_OWN = (
    *("id", "name", "language", "state", "is_validation_owed", "next_review_on", "reason", "shipped"),
    *("created_at", "changed_at"),
)
PRACTICES = Fields({name: name for name in _OWN} | {"carrier": "carrier_id", "field": "field_id"})


class ReachOut(Schema):
    """What a practice is for a unit and all under it (null: the whole company); it begins on a day that may be to come."""

    unit: int | None
    reach: str
    starts_on: dt.date
    ends_on: dt.date | None


class PracticeOut(Schema):
    """A way of working: where it stands in its life, who carries it, what it is for whom."""

    id: int
    name: str
    language: str
    state: str
    is_validation_owed: bool
    next_review_on: dt.date | None
    reason: str
    shipped: str
    carrier: int | None
    field: int | None
    reaches: list[ReachOut]
    created_at: dt.datetime
    changed_at: dt.datetime


class PracticeTextOut(Schema):
    """What the version that is read says in one language."""

    language: str
    name: str
    why: str
    for_whom: str
    when: str
    inputs: str
    outputs: str
    steps: str
    tools: str
    lives_at: str


class CostOut(Schema):
    """Minutes a month that it asks of each person of a function."""

    function: str
    minutes: int


class WholePracticeOut(PracticeOut):
    """A practice with what holds of it, or what was written last."""

    version: int
    published_at: dt.datetime | None
    texts: list[PracticeTextOut]
    costs: list[CostOut]
    co_authors: list[int]
    trials: list[int]


class PracticesAsked(Asked):
    """Practices in one state, carried by somebody, of one field, for a unit (of its own or of what it stands in)."""

    state: PracticeState | None = None
    carrier: Id | None = None
    field: Id | None = None
    unit: Id | None = None
    reach: Reach | None = None


class PracticeIn(Schema):
    """An idea: what is done, and why."""

    name: Name
    why: Text = ""
    carrier: Id | None = None
    field: Id | None = None


class PracticeChanges(Schema):
    """What to change; what is left out stays. Words go into the version being written, in one language."""

    carrier: Id | None = None
    field: Id | None = None
    next_review_on: dt.date | None = None
    language: Annotated[str, Rule(pattern="^(en|fr)$")] | None = None
    name: Name | None = None
    why: Text | None = None
    steps: Steps | None = None


class TrialIn(Schema):
    """The team that tries it."""

    unit: Id


class ContributionIn(Schema):
    """A change, an objection or support, in one's words."""

    kind: ContributionKind
    words: Text = ""


@router.get(
    "/practices",
    response={200: page_of(PracticeOut), **PROBLEMS},
    auth=READ,
    operation_id="list_practices",
    summary="List ways of working",
)
def list_practices(request: ApiRequest, asked: Annotated[PracticesAsked, Query()]) -> HttpResponse:
    """Practices that are not put away, ordered by id."""
    day = clock.today()
    rows = practices(day)
    if asked.unit:
        rows = in_unit(rows, asked.unit, day)
    if asked.reach:
        said = PracticeReach.objects.as_of(day).filter(reach=asked.reach)
        rows = rows.filter(pk__in=said.values("practice"))
    wanted = asked.dict(exclude_none=True, include={"state", "carrier", "field"})
    page = page_for(request, PRACTICES, rows.filter(**wanted), asked)
    _complete(page["items"], day)
    return answer(page)


@router.get(
    "/practices/{row_id}",
    response={200: WholePracticeOut, **PROBLEMS},
    auth=READ,
    operation_id="read_practice",
    summary="Read one way of working",
)
def read_practice(request: ApiRequest, row_id: Id) -> HttpResponse:
    """One practice that is not put away, with what it says."""
    day = clock.today()
    told = PRACTICES.one(practices(day).filter(pk=row_id))
    _complete([told], day)
    row = Practice.objects.select_related("validation").get(pk=row_id)
    version = versions_of(row).read
    names = tuple(PracticeTextOut.model_fields)
    return answer(
        told
        | {
            "version": version.number,
            "published_at": version.published_at,
            "texts": [{name: getattr(text, name) for name in names} for text in version.texts.all()],
            "costs": [{"function": one.function, "minutes": one.minutes} for one in version.costs.all()],
            "co_authors": list(row.co_authors.order_by("pk").values_list("person", flat=True)),
            "trials": list(row.trials.filter(ends_on=None).values_list("unit", flat=True)),
        }
    )


@router.post(
    "/practices",
    response={201: Made, **PROBLEMS},
    auth=TAKE_PART,
    operation_id="create_practice",
    summary="Note an idea",
)
def new_practice(request: ApiRequest, body: PracticeIn) -> HttpResponse:
    """Note a way of working as an idea: any team may try it."""
    row = create_practice(
        actor=request.user, name=body.name, why=body.why, language=language_now(), now=clock.now(),
        carrier=named(Person, body.carrier, "carrier"), field=named(Field, body.field, "field"),
    )  # fmt: skip
    return newly_made(Kind.PRACTICE, row.pk)


@router.patch(
    "/practices/{row_id}",
    response={200: Made, **PROBLEMS},
    auth=TAKE_PART,
    operation_id="change_practice",
    summary="Change a way of working",
)
def changed_practice(request: ApiRequest, row_id: Id, body: PracticeChanges) -> HttpResponse:
    """Change who carries it, or what it says: words wait in a version until it is published on its page."""
    row = _open(request, row_id, is_written=True)
    sent = body.dict(exclude_unset=True)
    words = {name: sent.pop(name) for name in ("name", "why", "steps") if sent.get(name) is not None}
    language = sent.pop("language", None) or row.language
    for name, model in (("carrier", Person), ("field", Field)):
        if name in sent:
            sent[name] = named(model, sent[name], name)
    entry = None
    if sent:
        entry = change_practice(actor=request.user, practice=row, changes=sent, now=clock.now())
    if words:
        entry = write_text(
            actor=request.user, practice=row, language=language, changes=words, now=clock.now()
        )
    if entry is None:
        raise Problem(422, "not_valid", "Nothing is to be changed.")
    return made(entry, 200)


@router.post(
    "/practices/{row_id}/trials",
    response={201: Made, **PROBLEMS},
    auth=TAKE_PART,
    operation_id="try_practice",
    summary="Try a way of working with a team",
)
def create_trial(request: ApiRequest, row_id: Id, body: TrialIn) -> HttpResponse:
    """Try it with one's own team; those who build it may note it for any."""
    row = _open(request, row_id)
    unit = needed(Unit, body.unit, "unit")
    structure = Structure.as_of(clock.today(), with_members=False)
    if not may_change(request.user, row) and not is_of_team(request.user, unit.pk, structure):
        raise Problem(403, "right", "A team says itself what it tries.")
    return made(
        start_trial(
            actor=request.user, practice=row, unit=unit, language=language_now(), now=clock.now()
        )
    )  # fmt: skip


@router.post(
    "/practices/{row_id}/proposal",
    response={201: Made, **PROBLEMS},
    auth=TAKE_PART,
    operation_id="propose_practice",
    summary="Propose a way of working",
)
def proposed(request: ApiRequest, row_id: Id) -> HttpResponse:
    """Put it before everyone: what is written is published, and anyone may take part."""
    row = _open(request, row_id, is_written=True)
    return made(propose_practice(actor=request.user, practice=row, now=clock.now()))


@router.post(
    "/practices/{row_id}/contributions",
    response={201: Made, **PROBLEMS},
    auth=TAKE_PART,
    operation_id="contribute_to_practice",
    summary="Bring a change, an objection or support",
)
def contributed(request: ApiRequest, row_id: Id, body: ContributionIn) -> HttpResponse:
    """Take part under one's own name; an objection is answered before anything is validated."""
    row = _open(request, row_id)
    contribute(
        actor=request.user, practice=row, person=person_of(request.user), kind=body.kind, words=body.words,
        language=language_now(), now=clock.now(),
    )  # fmt: skip
    return newly_made(Kind.PRACTICE, row.pk)


def _open(request: ApiRequest, row_id: int, *, is_written: bool = False) -> Practice:
    row = Practice.objects.select_related("carrier").filter(pk=row_id, archived_at=None).first()
    if row is None:
        raise not_found()
    if is_written and not may_change(request.user, row):
        raise Problem(403, "right", "Those who build it write it: its carrier, its co-authors, Product Ops.")
    return row


def _complete(items: list[dict[str, Any]], day: dt.date) -> None:
    """Say of each practice what it is for whom, today and announced."""
    held = PracticeReach.objects.all_time().filter(practice__in=[one["id"] for one in items])
    names = ("unit_id", "reach", "starts_on", "ends_on")
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for practice, *values in (
        held.exclude(ends_on__lte=day).order_by("starts_on", "pk").values_list("practice", *names)
    ):
        found[practice].append(dict(zip(("unit", *names[1:]), values, strict=True)))
    for one in items:
        one["reaches"] = found[one["id"]]
