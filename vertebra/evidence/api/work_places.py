"""Whose work is where, as tools read it: places of work with the units and areas they belong to."""

from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Query, Schema

from vertebra.accounts.api import Bearer
from vertebra.accounts.permissions import Right
from vertebra.evidence.api.routes import router
from vertebra.evidence.labels import PlaceWay
from vertebra.evidence.models import WorkPlace
from vertebra.kit.api import PROBLEMS, Asked, Fields, answer, page_for, page_of
from vertebra.org.api.schemas import Id

READ_MAPPING = Bearer(Right.IMPORT, "read")
PLACES = Fields(
    {
        "id": "id", "source": "source__name", "way": "way", "value": "value", "items": "count", "unit": "unit_id",
        "area": "area_id", "is_mapped": "is_mapped",
    }
)  # fmt: skip


class WorkPlaceOut(Schema):
    """A project, component, label or team of a tool; `items` is missing for fewer than five work items."""

    id: int
    source: str
    way: str
    value: str
    items: int | None
    unit: int | None
    area: int | None
    is_mapped: bool


class WorkPlacesAsked(Asked):
    """Places of one kind, of a unit, mapped or not."""

    way: PlaceWay | None = None
    unit: Id | None = None
    is_mapped: bool | None = None


@router.get(
    "/work-places",
    response={200: page_of(WorkPlaceOut), **PROBLEMS},
    auth=READ_MAPPING,
    tags=["work items"],
    operation_id="list_work_places",
    summary="List places of work",
)
def list_work_places(request: HttpRequest, asked: Annotated[WorkPlacesAsked, Query()]) -> HttpResponse:
    """Every place of work, ordered by id."""
    wanted = asked.dict(exclude_none=True, include={"way", "unit", "is_mapped"})
    rows: QuerySet[Any] = WorkPlace.objects.filter(**wanted)
    return answer(page_for(request, PLACES, rows, asked))
