"""Initiatives written by tools, one at a time: written down, changed, a word said of each month."""

from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Field as Rule
from ninja import Schema

from vertebra.accounts.api import ApiRequest, made, newly_made
from vertebra.accounts.labels import Kind
from vertebra.kit import clock
from vertebra.kit.api import PROBLEMS, Problem, changes_in, named, not_found
from vertebra.org.api.schemas import Day, Id, LongText, Made, Name
from vertebra.org.empty_spaces import language_now, person_of
from vertebra.org.models import Field, Person, Unit
from vertebra.roadmap.actions.initiatives import change_initiative, create_initiative
from vertebra.roadmap.actions.words import say_word
from vertebra.roadmap.api.routes import EDIT, TAKE_PART, router
from vertebra.roadmap.labels.initiatives import InitiativeKind, Pace
from vertebra.roadmap.models import Initiative, Objective
from vertebra.roadmap.queries.rights import may_change

Days = Annotated[int, Rule(ge=1, le=30_000)]
Line = Annotated[str, Rule(min_length=1, max_length=300, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]
# What a body names by its number, and where it is kept.
_NAMED: dict[str, tuple[type[Any], str]] = {
    "lead": (Person, "lead"),
    "unit": (Unit, "owner_unit"),
    "objective": (Objective, "objective"),
    "field": (Field, "field"),
    "parent": (Initiative, "parent"),
}


class InitiativeIn(Schema):
    """Something to undertake: a title and a kind are enough."""

    title: Name
    kind: InitiativeKind = InitiativeKind.OPERATING_MODEL
    description: LongText = ""
    lead: Id | None = None
    unit: Id | None = None
    objective: Id | None = None
    field: Id | None = None
    parent: Id | None = None
    effort_days: Days | None = None
    starts_on: Day | None = None
    due_on: Day | None = None


class InitiativePatch(Schema):
    """What to change of an initiative; a field that is absent stays as it is."""

    title: Name | None = None
    kind: InitiativeKind | None = None
    description: LongText | None = None
    lead: Id | None = None
    unit: Id | None = None
    objective: Id | None = None
    field: Id | None = None
    parent: Id | None = None
    effort_days: Days | None = None
    starts_on: Day | None = None
    due_on: Day | None = None


class WordIn(Schema):
    """Where an initiative stands this month, in one line."""

    pace: Pace
    line: Line


@router.post(
    "/initiatives",
    response={201: Made, **PROBLEMS},
    auth=EDIT,
    operation_id="create_initiative",
    summary="Write down an initiative",
)
def create(request: ApiRequest, body: InitiativeIn) -> HttpResponse:
    """Write down something to undertake; what it should move is noted before it starts."""
    values = _values(body.dict())
    row = create_initiative(actor=request.user, language=language_now(), now=clock.now(), **values)
    return newly_made(Kind.INITIATIVE, row.pk)


@router.patch(
    "/initiatives/{row_id}",
    response={200: Made, **PROBLEMS},
    auth=TAKE_PART,
    operation_id="change_initiative",
    summary="Change an initiative",
)
def change(request: ApiRequest, row_id: Id, body: InitiativePatch) -> HttpResponse:
    """Change what is said of an initiative: its lead, and those who edit the organisation."""
    given = changes_in(body, needed=("title", "kind", "description"))
    row = _changeable(request, row_id)
    changes = _values(given)
    return made(
        change_initiative(actor=request.user, initiative=row, changes=changes, now=clock.now()), status=200
    )


@router.post(
    "/initiatives/{row_id}/words",
    response={201: Made, **PROBLEMS},
    auth=TAKE_PART,
    operation_id="say_word",
    summary="Say how an initiative stands this month",
)
def create_word(request: ApiRequest, row_id: Id, body: WordIn) -> HttpResponse:
    """Say for this month whether it is on track, in one line; saying it again replaces it."""
    row = _changeable(request, row_id)
    return made(
        say_word(
            actor=request.user,
            person=person_of(request.user),
            initiative=row,
            pace=body.pace,
            line=body.line,
            language=language_now(),
            now=clock.now(),
        )
    )


def _values(given: dict[str, Any]) -> dict[str, Any]:
    """What was sent, with rows for numbers."""
    return {
        _NAMED[name][1] if name in _NAMED else name: named(_NAMED[name][0], value, name) if name in _NAMED else value
        for name, value in given.items()
    }  # fmt: skip


def _changeable(request: ApiRequest, row_id: int) -> Initiative:
    """The initiative, if the token's owner may change it."""
    row = Initiative.objects.select_related("lead").filter(pk=row_id).first()
    if row is None:
        raise not_found()
    if not may_change(request.user, row):
        raise Problem(403, "right", "Only its lead and those who edit the organisation may change it.")
    return row
