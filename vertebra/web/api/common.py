"""Routes over all modules: who I am, search, and the audit."""

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from vertebra.accounts.api import ApiRequest, Bearer
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry
from vertebra.accounts.permissions import ROLE_RIGHTS, Right, open_columns
from vertebra.accounts.queries import is_told
from vertebra.kit.api import LARGEST_PAGE, PROBLEMS, Fields, answer
from vertebra.web.search import find

router = Router(tags=["common"])
AUDIT = Fields(
    {
        "id": "id",
        "at": "at",
        "actor": "actor_name",
        "verb": "verb",
        "kind": "kind",
        "object_id": "object_id",
        "object_name": "object_name",
        "particulars": "particulars",
    }
)


class MeOut(Schema):
    """The token's owner and what they may do."""

    name: str
    email: str
    role: str
    rights: list[str]
    scopes: list[str]


class FoundOut(Schema):
    """One result of a search."""

    kind: str
    id: int
    title: str
    detail: str
    url: str


class EntryOut(Schema):
    """One audited change."""

    id: int
    at: dt.datetime
    actor: str
    verb: str
    kind: str
    object_id: int | None
    object_name: str
    particulars: dict[str, Any]


class EntriesOut(Schema):
    """One page of the audit."""

    items: list[EntryOut]
    next: str | None


@router.get(
    "/me",
    response={200: MeOut, **PROBLEMS},
    auth=Bearer(Right.READ, "read"),
    summary="Who the token belongs to",
)
def me(request: ApiRequest) -> HttpResponse:
    """Name, role, rights and scopes of the caller."""
    user = request.user
    rights = sorted(ROLE_RIGHTS[user.role])
    return answer(
        {
            "name": user.name,
            "email": user.email,
            "role": user.role,
            "rights": rights,
            "scopes": request.token.scopes,
        }
    )


@router.get(
    "/search",
    response={200: list[FoundOut], **PROBLEMS},
    auth=Bearer(Right.READ, "read"),
    summary="Search everything",
)
def search_all(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=200)],
    kind: Annotated[Kind | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> HttpResponse:
    """What matches the words, best first."""
    found = find(request.user, q, kinds=[kind] if kind else [], limit=limit)  # type: ignore[arg-type]
    return answer(
        [
            {"kind": f.kind, "id": f.object_id, "title": f.title, "detail": f.detail, "url": f.url}
            for f in found
        ]
    )


@router.get(
    "/audit",
    response={200: EntriesOut, **PROBLEMS},
    auth=Bearer(Right.SEE_AUDIT, "admin"),
    summary="Who changed what",
)
def audit(
    request: ApiRequest,
    kind: Annotated[Kind | None, Query()] = None,
    cursor: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=LARGEST_PAGE)] = 100,
) -> HttpResponse:
    """Audited changes, oldest first; of what is private to Product Ops, neither names nor particulars."""
    rows = AuditEntry.objects.filter(kind=kind) if kind else AuditEntry.objects.all()
    page = AUDIT.page(rows, cursor, limit)
    for item in page["items"]:
        item["particulars"] = open_columns(item["particulars"])
        if not is_told(request.user, item["kind"], item["particulars"]):
            item["object_name"], item["particulars"] = "", {}
    return answer(page)
