"""Consultations read by tools: what champions were asked, how many answered, what became of it."""

import datetime as dt
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpResponse
from ninja import Query, Schema

from vertebra.accounts.api import ApiRequest
from vertebra.kit import clock
from vertebra.kit.api import PROBLEMS, Asked, Fields, answer, page_for, page_of
from vertebra.org.api.schemas import Id
from vertebra.releases.api.routes import READ, router
from vertebra.releases.labels.consultations import ConsultationState
from vertebra.releases.models import Consultation
from vertebra.releases.queries.consultations import counted_for, with_state

_OWN = (
    "id", "title", "details", "questions", "language", "state", "due_on", "created_at", "closed_at", "outcome",
)  # fmt: skip
CONSULTATIONS = Fields(
    {name: name for name in _OWN}
    | {"asked": "asked_shown", "answered": "answered_told"}
    | {name: f"{name}_id" for name in ("release", "initiative", "area", "market", "asked_by")}
)


class ConsultationOut(Schema):
    """What champions are asked, by when, and what became of it.

    `state` is `due` once its day is over, or what it is about is withdrawn or archived: its outcome is awaited.
    `asked` and `answered` count them for whoever asks, who is asked and Product Ops; for others `asked` is null, and
    `answered` is rounded down to five, null under five.
    """

    id: int
    title: str
    details: str
    questions: str
    language: str
    state: ConsultationState
    release: int | None
    initiative: int | None
    area: int | None
    market: int | None
    asked_by: int | None
    asked: int | None
    answered: int | None
    due_on: dt.date
    created_at: dt.datetime
    closed_at: dt.datetime | None
    outcome: str


class ConsultationsAsked(Asked):
    """Consultations about one release or initiative, in one area or market, in one state."""

    release: Id | None = None
    initiative: Id | None = None
    area: Id | None = None
    market: Id | None = None
    state: ConsultationState | None = None


@router.get(
    "/consultations",
    response={200: page_of(ConsultationOut), **PROBLEMS},
    auth=READ,
    operation_id="list_consultations",
    summary="List consultations of champions",
)
def list_consultations(request: ApiRequest, asked: Annotated[ConsultationsAsked, Query()]) -> HttpResponse:
    """Consultations, ordered by id; what each champion answered is on the page, for those who may read it."""
    wanted = asked.dict(exclude_none=True, exclude={"cursor", "limit"})
    rows = _rows(request).filter(**wanted)
    return answer(page_for(request, CONSULTATIONS, rows, asked))


@router.get(
    "/consultations/{row_id}",
    response={200: ConsultationOut, **PROBLEMS},
    auth=READ,
    operation_id="read_consultation",
    summary="Read one consultation",
)
def read_consultation(request: ApiRequest, row_id: Id) -> HttpResponse:
    """One consultation and what became of it."""
    return answer(CONSULTATIONS.one(_rows(request).filter(pk=row_id)))


def _rows(request: ApiRequest) -> QuerySet[Any]:
    return with_state(counted_for(Consultation.objects.all(), request.user), clock.today())
