"""Writing many rows at once: what a tool tells under a source's name, with the same rules as an import of files."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Field, Schema

from vertebra.accounts.api import ApiRequest, Bearer
from vertebra.accounts.permissions import Right
from vertebra.connectors.records import FIELDS, FieldRule, Origin, Record, RecordKind, Ref, Value
from vertebra.kit import clock
from vertebra.kit.api import PROBLEMS, Problem, answer, refuse_rows
from vertebra.org.api.routes import router
from vertebra.org.api.schemas import Day

if TYPE_CHECKING:
    from vertebra.org.importing.plan import Plan

MOST = 5000
Told = str | int | float | bool | dict[str, str] | list[str | dict[str, str]] | None


ExternalId = Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00]+$")]
SourceName = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]


class ToldRecord(Schema):
    """One thing that a source tells; a mention is an external id of the same source, or keys such as an e-mail."""

    kind: RecordKind
    external_id: ExternalId
    values: dict[Annotated[str, Field(max_length=60)], Told]


class RecordIn(ToldRecord):
    """One thing of the organisation that the source tells."""

    kind: Literal["unit", "person", "membership", "mandate", "area", "market", "ownership"]


class RecordsIn(Schema):
    """What a source tells; with `full`, what it told before and tells no more is closed."""

    source: SourceName
    records: Annotated[list[RecordIn], Field(max_length=MOST)]
    on: Day | None = None
    full: bool = False
    confirm_closing: Annotated[int | None, Field(ge=0, le=10_000_000)] = None
    dry_run: bool = False


class RecordsOut(Schema):
    """Created, changed, closed and unchanged by kind; the audit entry unless nothing had to change."""

    counts: dict[str, dict[str, int]]
    unknown: list[dict[str, Any]]
    entry: int | None


@router.post(
    "/records",
    response={200: RecordsOut, **PROBLEMS},
    auth=Bearer(Right.IMPORT, "import"),
    operation_id="tell_records",
    summary="Tell many rows of a source at once",
)
def tell_records(request: ApiRequest, body: RecordsIn) -> HttpResponse:
    """All or nothing, and the same twice changes nothing: send the whole again after a failure."""
    from vertebra.org.importing import actions
    from vertebra.org.importing.planning import plan_import

    now = clock.now()
    on = body.on or clock.today(now)
    records = read_records(body.records)
    if body.dry_run:
        plan = plan_import(records, source=body.source, on=on, now=now, is_full=body.full)
        _refuse_errors(plan)
        return answer(_told(plan, None))
    try:
        done = actions.import_organisation(
            actor=request.user,
            records=records,
            source=body.source,
            on=on,
            now=now,
            is_full=body.full,
            confirmed_closing=body.confirm_closing,
        )
    except actions.HasErrors as error:
        _refuse_errors(error.plan)
        raise
    except (actions.TooMuchToClose, actions.AnotherImportRuns, actions.NoLongerFits) as error:
        raise Problem(409, "refused", str(error)) from error
    return answer(_told(done.plan, done.entry.pk if done.entry else None))


def _told(plan: "Plan", entry: int | None) -> dict[str, Any]:
    unknown = [
        {"kind": one.kind, "text": one.text, "field": one.field, "count": one.count}
        for one in plan.unknowns[:1000]
    ]
    return {"counts": plan.summary(), "unknown": unknown, "entry": entry}


def _refuse_errors(plan: "Plan") -> None:
    refuse_rows([trouble.as_json() for trouble in plan.troubles if trouble.is_blocking])


def read_records(told_records: Sequence[ToldRecord]) -> list[Record]:
    """The records with typed values; one 422 problem for everything that cannot be read."""
    made, errors = [], []
    for at, told in enumerate(told_records):
        values: dict[str, Value] = {}
        for name, value in told.values.items():
            rule = FIELDS[told.kind].get(name)
            place = {"field": f"records.{at}.values.{name}"}
            if rule is None:
                known = ", ".join(FIELDS[told.kind])
                message = f"A record of the kind “{told.kind}” has no field “{name}”."
                errors.append(place | {"message": message, "remedy": f"Its fields are: {known}."})
                continue
            try:
                values[name] = _value(rule, value)
            except (ValueError, TypeError, InvalidOperation):
                errors.append(
                    place | {"message": f"This cannot be read as {rule.type}.", "remedy": _remedy(rule)}
                )
        errors += [
            {"field": f"records.{at}.values.{name}", "message": "missing", "remedy": _remedy(rule)}
            for name, rule in FIELDS[told.kind].items()
            if rule.is_required and values.get(name) in (None, "")
        ]
        made.append(Record(told.kind, told.external_id, values, Origin("records", at + 1, f"records[{at}]")))
    refuse_rows(errors)
    return made


_REMEDIES = {
    "boolean": "Write true or false.",
    "date": "Write it like 2026-03-31.",
    "decimal": "Write a number.",
    "moment": "Write it with its zone, like 2026-03-31T09:00:00+02:00.",
    "pairs": "Write an object of texts, a target for each name.",
    "ref": "Write the external id, or an object with an “email”, “handle”, “name”, “code” or “external_id”.",
    "refs": "Write a list of external ids.",
}


def _remedy(rule: FieldRule) -> str:
    """How a field is to be written."""
    if rule.choices:
        return f"Write one of: {', '.join(rule.choices)}."
    if rule.type in _REMEDIES:
        return _REMEDIES[rule.type]
    return f"Write a text of {rule.max_length} characters at most." if rule.max_length else "Write a text."


def _value(rule: FieldRule, value: Told) -> Value:
    if value is None:
        return None
    if rule.type == "ref":
        return _ref(rule, value)
    if rule.type == "refs":
        if not isinstance(value, list):
            raise TypeError
        return tuple(_ref(rule, each) for each in value)
    if rule.type == "boolean":
        if not isinstance(value, bool):
            raise TypeError
        return value
    if rule.type == "pairs":
        return _pairs(value)
    if isinstance(value, list | dict | bool):
        raise TypeError
    if rule.type == "decimal":
        number = Decimal(str(value))
        if not number.is_finite() or abs(number) > 10**9:
            raise ValueError
        return number
    text = str(value).strip()
    if "\x00" in text or (rule.max_length and len(text) > rule.max_length):
        raise ValueError
    if rule.type == "date":
        return dt.date.fromisoformat(text)
    if rule.type == "moment":
        return _moment(text)
    if rule.type == "choice" and text not in rule.choices:
        raise ValueError
    return text


def _ref(rule: FieldRule, value: Told | dict[str, str]) -> Ref:
    kind = rule.refers_to[0]
    if isinstance(value, str):
        return Ref(kind, (("external_id", _clean(value)),), value)
    if (
        isinstance(value, Mapping)
        and value
        and set(value) <= {"external_id", "email", "handle", "name", "code"}
    ):
        keys = tuple((name, _clean(str(text))) for name, text in value.items())
        return Ref(kind, keys, keys[-1][1])
    raise TypeError


def _pairs(value: Told) -> str:
    """Names with their texts, a line for each as records keep them."""
    if not isinstance(value, Mapping):
        raise TypeError
    if any(":" in name or "\n" in f"{name}{text}" for name, text in value.items()):
        raise ValueError
    return _clean("\n".join(f"{name}: {text}" for name, text in value.items()))


def _moment(text: str) -> dt.datetime:
    found = dt.datetime.fromisoformat(text)
    if found.tzinfo is None or not 1970 <= found.year <= 2199:
        raise ValueError
    return found


def _clean(text: str) -> str:
    """The text, refused if it holds what no database keeps."""
    if "\x00" in text:
        raise ValueError
    return text
