"""Adoption read by tools: where teams stand, as far as the owner of the token may know."""

import datetime as dt
from typing import Annotated

from django.http import HttpResponse
from ninja import Query, Schema

from vertebra.accounts.api import ApiRequest
from vertebra.kit import clock
from vertebra.kit.api import PROBLEMS, Asked, Fields, answer, page_for, page_of
from vertebra.org.api.schemas import Id
from vertebra.practices.api.routes import READ, router
from vertebra.practices.labels.adoption import AdoptionSource, AdoptionState
from vertebra.practices.queries.adoption import adoptions_open_to

_OWN = ("id", "state", "source", "is_willing", "starts_on", "visible_from")
ADOPTIONS = Fields({name: name for name in _OWN} | {"practice": "practice_id", "unit": "unit_id"})


class AdoptionOut(Schema):
    """Where a team stands with a practice since a day.

    One's own team's rows are there at once, those of others two weeks later (`visible_from`); a team of fewer than
    five people is never there by itself.
    """

    id: int
    practice: int
    unit: int
    state: AdoptionState
    source: AdoptionSource
    is_willing: bool
    starts_on: dt.date
    visible_from: dt.date


class AdoptionsAsked(Asked):
    """Where teams stand with one practice, one team, in one state, on a day."""

    practice: Id | None = None
    unit: Id | None = None
    state: AdoptionState | None = None
    as_of: dt.date | None = None


@router.get(
    "/adoptions",
    response={200: page_of(AdoptionOut), **PROBLEMS},
    auth=READ,
    operation_id="list_adoptions",
    summary="List where teams stand with practices",
)
def list_adoptions(request: ApiRequest, asked: Annotated[AdoptionsAsked, Query()]) -> HttpResponse:
    """Where teams stand with practices on a day (today unless another is asked), ordered by id."""
    today = clock.today()
    rows = adoptions_open_to(request.user, asked.as_of or today, today)
    wanted = asked.dict(exclude_none=True, exclude={"cursor", "limit", "as_of"})
    return answer(page_for(request, ADOPTIONS, rows.filter(**wanted), asked))
