"""What every route of the API shares: problem documents, pages by cursor, fast answers, and limits."""

import base64
import binascii
import contextlib
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import msgspec
from django.conf import settings
from django.db import IntegrityError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Field, Schema
from ninja.params.models import ParamModel
from ninja.throttling import BaseThrottle

LARGEST_PAGE = 500
# How many faults of what was sent are told at once.
MOST_ERRORS = 1000
PROBLEM_JSON = "application/problem+json"
M = TypeVar("M", bound=Model)
# Most routes of an instance are never asked: what reads and writes their bodies is built by whoever asks first.
for _base in (Schema, ParamModel):
    _base.model_config["defer_build"] = True


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
PROBLEMS: dict[int, Any] = dict.fromkeys((400, 401, 403, 404, 409, 413, 422, 429), ProblemOut)


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


def too_large() -> HttpResponse:
    """The answer to a body that is larger than is read."""
    megabytes = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024**2
    return problem_response(413, "too_large", f"At most {megabytes} MB are read at once: send fewer rows.")


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
            raise not_found()
        return dict(zip(self.paths, found, strict=True))

    def page(self, rows: QuerySet[Any, Any], cursor: str, limit: int) -> dict[str, Any]:
        """One page of rows after the cursor, ordered by id, with the cursor of the next page."""
        if cursor:
            rows = rows.filter(**{f"{self.key}__gt": read_cursor(cursor)})
        found = list(rows.order_by(self.key).values_list(*self.paths.values())[: limit + 1])
        items = [dict(zip(self.paths, row, strict=True)) for row in found[:limit]]
        has_more = len(found) > limit
        return {"items": items, "next": write_cursor(items[-1]["id"]) if has_more else None}


class Asked(Schema):
    """What every list may be asked: where its page begins, and how long it is."""

    cursor: Annotated[str, Field(max_length=100)] = ""
    limit: Annotated[int, Field(ge=1, le=LARGEST_PAGE)] = 100


def page_for(request: HttpRequest, fields: Fields, rows: QuerySet[Any, Any], asked: Asked) -> dict[str, Any]:
    """The page that was asked for; a filter that the list does not have is refused."""
    refuse_unknown(request, type(asked).model_fields)
    return fields.page(rows, asked.cursor, asked.limit)


def refuse_unknown(request: HttpRequest, allowed: Collection[str]) -> None:
    """A 422 problem for a filter that the list does not have: without it the answer would be another."""
    for name in request.GET:
        if name not in allowed:
            raise Problem(422, "not_valid", f"This list has no filter “{name[:100]}”.")


def page_of(schema: type[Schema]) -> type[Schema]:
    """The answer of a list: its items and the cursor of the next page."""
    return type(
        schema.__name__.replace("Out", "Page"),
        (Schema,),
        {"__annotations__": {"items": list[schema], "next": str | None}, "__doc__": "One page of rows."},  # type: ignore[valid-type]
    )


def not_found() -> Problem:
    """What is not there, and what is not open to whoever asks, look alike."""
    return Problem(404, "not_found", "There is nothing at this address, or it is not open to you.")


def row_or_404(model: type[M], row_id: int) -> M:
    """The row that the address names."""
    found = model._default_manager.filter(pk=row_id).first()
    if found is None:
        raise not_found()
    return found


def changes_in(body: Schema, *, needed: Collection[str]) -> dict[str, Any]:
    """What a body changes: the fields it names; a 422 problem where it names none, or empties one that is needed."""
    given = body.dict(exclude_unset=True)
    if not given:
        raise Problem(422, "not_valid", "Say what to change: nothing was sent.")
    for name in needed:
        if name in given and given[name] is None:
            raise Problem(422, "not_valid", f"“{name}” cannot be null.", [{"field": name, "message": "null"}])
    return given


def named(model: type[M], row_id: int | None, field: str) -> M | None:
    """The row that the body names, or a 422 problem that says which field names nothing."""
    if row_id is None:
        return None
    return named_all(model, [row_id], field)[0]


def named_all(model: type[M], ids: Collection[int], field: str) -> list[M]:
    """The rows that the body names, or a 422 problem that says which field names nothing."""
    found = model._default_manager.in_bulk(list(ids))
    for row_id in ids:
        if row_id not in found:
            error = {"field": field, "message": f"There is no {model._meta.model_name} {row_id}."}
            raise Problem(422, "not_valid", error["message"], [error])
    return [found[row_id] for row_id in dict.fromkeys(ids)]


def needed(model: type[M], row_id: int | None, field: str) -> M:
    """The row that the body has to name."""
    found = named(model, row_id, field)
    if found is None:
        raise Problem(422, "not_valid", f"“{field}” is missing.", [{"field": field, "message": "missing"}])
    return found


def one_of(choices: tuple[tuple[type[Any], int | None, str], ...]) -> Any:
    """The one thing that the body names among several, or a 422 problem."""
    given = [each for each in choices if each[1] is not None]
    if len(given) != 1:
        names = ", ".join(f"“{name}”" for _model, _id, name in choices)
        raise Problem(422, "not_valid", f"Name one of {names}.")
    return needed(*given[0])


def refuse_rows(errors: list[dict[str, Any]]) -> None:
    """A 422 problem that names each row that cannot be taken and what to do about it; nothing for no error."""
    if errors:
        detail = "Some rows cannot be taken: see errors. Nothing was changed."
        raise Problem(422, "not_valid", detail, errors[:MOST_ERRORS])


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Write many rows; when somebody else wrote one of them at the same moment, ask to send all of it again."""
    try:
        yield
    except IntegrityError as error:
        detail = "Somebody else wrote some of these rows at the same moment: send all of it again."
        raise Problem(409, "still_running", detail, retry_after=1) from error


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
