"""What every route of the API shares: problem documents, pages by cursor, fast answers, and limits."""

import base64
import binascii
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Schema
from ninja.throttling import BaseThrottle

LARGEST_PAGE = 500
PROBLEM_JSON = "application/problem+json"


class Problem(Exception):
    """An answer that is not what was asked: its status, what is wrong, and where."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        errors: list[dict[str, Any]] | None = None,
        *,
        retry_after: int = 0,
    ) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.errors = status, code, detail, errors or []
        self.retry_after = retry_after

    def response(self) -> HttpResponse:
        """The problem as an answer, with the seconds after which to try again if that may help."""
        told = problem_response(self.status, self.code, self.detail, self.errors)
        if self.retry_after:
            told["Retry-After"] = str(self.retry_after)
        return told


class ProblemOut(Schema):
    """RFC 9457 problem document."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[dict[str, Any]] = []


# What any route may answer instead.
PROBLEMS: dict[int, Any] = dict.fromkeys((400, 401, 403, 404, 409, 422, 429), ProblemOut)


def problem_response(status: int, code: str, detail: str, errors: list[Any] | None = None) -> HttpResponse:
    """A problem document (RFC 9457) as the answer."""
    body = {
        "type": f"urn:vertebra:problem:{code}",
        "title": code.replace("_", " "),
        "status": status,
        "detail": detail,
        "errors": errors or [],
    }
    return HttpResponse(msgspec.json.encode(body), status=status, content_type=PROBLEM_JSON)


def answer(body: object, status: int = 200) -> HttpResponse:
    """The body as JSON, encoded without passing each row through a schema."""
    return HttpResponse(msgspec.json.encode(body), status=status, content_type="application/json")


@dataclass(frozen=True)
class Fields:
    """The fields of a resource: name in the API → path in the database."""

    paths: Mapping[str, str]
    key: str = "id"

    def one(self, rows: QuerySet[Any, Any]) -> dict[str, Any]:
        """The only row, or a 404 problem."""
        found = rows.values_list(*self.paths.values()).first()
        if found is None:
            raise Problem(404, "not_found", "There is nothing at this address, or it is not open to you.")
        return dict(zip(self.paths, found, strict=True))

    def page(self, rows: QuerySet[Any, Any], cursor: str, limit: int) -> dict[str, Any]:
        """One page of rows after the cursor, ordered by id, with the cursor of the next page."""
        if cursor:
            rows = rows.filter(**{f"{self.key}__gt": read_cursor(cursor)})
        found = list(rows.order_by(self.key).values_list(*self.paths.values())[: limit + 1])
        items = [dict(zip(self.paths, row, strict=True)) for row in found[:limit]]
        has_more = len(found) > limit
        return {"items": items, "next": write_cursor(items[-1]["id"]) if has_more else None}


def write_cursor(row_id: int) -> str:
    """The place after a row, as an opaque word."""
    return base64.urlsafe_b64encode(f"after:{row_id}".encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> int:
    """The row that a cursor stands after; a 422 problem for a word that is no cursor."""
    try:
        name, _, number = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().partition(":")
        if name == "after" and number.isascii() and number.isdigit() and int(number) < 2**63:
            return int(number)
    except (ValueError, binascii.Error):
        pass
    raise Problem(422, "bad_cursor", "This cursor is not one of ours: use the `next` of the page before.")


class PerCaller(BaseThrottle):
    """So many requests a minute for each token (or address), counted in this process."""

    def __init__(self, amount: int, seconds: float = 60.0) -> None:
        self.rate, self.amount = amount / seconds, float(amount)
        self.left: dict[str, tuple[float, float]] = {}

    def allow_request(self, request: HttpRequest) -> bool:
        """Take one from the caller's bucket, which fills again with time."""
        caller = str(
            getattr(getattr(request, "token", None), "pk", "") or request.META.get("REMOTE_ADDR", "")
        )
        at = time.monotonic()
        before, since = self.left.get(caller, (self.amount, at))
        left = min(self.amount, before + (at - since) * self.rate)
        if len(self.left) > 10_000:
            self.left.clear()
        self.left[caller] = (max(0.0, left - 1), at)
        return left >= 1

    def wait(self) -> float:
        """Seconds until there is one more."""
        return 1 / self.rate
