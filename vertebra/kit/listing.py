"""Every list the same: filters, search within, sort, keyset pages, columns, CSV and XLSX, all in the address."""

import base64
import binascii
import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal
from urllib.parse import quote_plus

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, Q, QuerySet, UUIDField
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.html import escape

from vertebra.kit.tables import table_response

Words = str | Promise
Rows = QuerySet[Any, Any]
PAGE_SIZE = 50
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Column:
    """One column: how it is called, sorted (by a field or annotation that is never null) and exported."""

    key: str
    label: Words
    value: Callable[[Any], object]
    sort: str = ""
    is_numeric: bool = False
    is_optional: bool = False


@dataclass(frozen=True)
class Filter:
    """One filter: its choices (value, label) and what it does to the rows."""

    key: str
    label: Words
    apply: Callable[[Rows, str], Rows]
    choices: Callable[[], Iterable[tuple[str, Words]]] = tuple
    kind: Literal["choice", "text", "date"] = "choice"


@dataclass(frozen=True)
class ShownChoice:
    value: str
    label: Words
    url: str
    is_on: bool


@dataclass(frozen=True)
class ShownFilter:
    key: str
    label: Words
    kind: str
    value: str
    value_label: Words
    choices: list[ShownChoice]
    clear_url: str


@dataclass(frozen=True)
class ShownColumn:
    key: str
    label: Words
    is_sortable: bool
    is_sorted: str
    is_numeric: bool
    is_hidden: bool
    sort_url: str
    toggle_url: str


@dataclass
class Listing:
    """One list as the address asks for it, ready to be shown."""

    rows: list[Any]
    columns: list[ShownColumn]
    filters: list[ShownFilter]
    query: str
    total: int
    next_url: str
    previous_url: str
    first_url: str
    export_urls: dict[str, str]
    share_url: str
    clear_url: str
    kept: list[tuple[str, str]]
    page: str
    is_searchable: bool
    saved_views: Sequence[Any] = ()
    export: HttpResponseBase | None = None

    @property
    def active_filters(self) -> list[ShownFilter]:
        """The filters that narrow the list now."""
        return [shown for shown in self.filters if shown.value]

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter or a search hides rows."""
        return bool(self.query or self.active_filters)

    @cached_property
    def labels(self) -> dict[str, str]:
        """What each column to show is called, as HTML."""
        # As words, not as a promise of words: each is written once for every row.
        return {column.key: escape(str(column.label)) for column in self.columns if not column.is_hidden}

    @cached_property
    def shown(self) -> set[str]:
        """Keys of the columns to show."""
        return {column.key for column in self.columns if not column.is_hidden}


@dataclass(frozen=True)
class ListOf:
    """What a list page offers; `read` answers a request with one Listing."""

    page: str
    file_name: str
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    search: Callable[[Rows, str], Rows] | None = None
    sort: str = ""
    page_size: int = PAGE_SIZE
    keeps: Sequence[str] = field(default=("as_of", "view"))

    def read(self, request: HttpRequest, rows: Rows, *, saved_views: Sequence[Any] = ()) -> Listing:
        """Filter, sort and cut the rows as the address says; unknown parameters and broken cursors are ignored."""
        asked = request.GET
        query = _word(asked, "q")
        filters = [_AskedFilter(each, asked) for each in self.filters]
        rows = self._narrowed(rows, query, filters)
        sort, column, is_down = self._sorting(asked)
        hidden = self._hidden(request)
        export = None
        if asked.get("format") in {"csv", "xlsx"}:
            ordered = self._ordered(rows, column, is_down)
            export = self._export(ordered, asked["format"], hidden)
            shown_rows, total, before, after = list[Any](), 0, "", ""
        else:
            shown_rows, before, after = self._cut(rows, column, is_down, asked)
            # A single page counts itself.
            total = rows.count() if before or after else len(shown_rows)
        address = _Address(request.path, asked)
        return Listing(
            rows=shown_rows,
            columns=[self._shown_column(c, sort, hidden, address) for c in self.columns],
            filters=[each.shown(address) for each in filters],
            query=query,
            total=total,
            next_url=address.with_(after=after, before=None) if after else "",
            previous_url=address.with_(before=before, after=None) if before else "",
            first_url=address.with_(after=None, before=None),
            export_urls={
                form: address.with_(format=form, after=None, before=None) for form in ("csv", "xlsx")
            },
            share_url=request.build_absolute_uri(address.with_(after=None, before=None)),
            clear_url=address.only(self.keeps),
            kept=[(k, str(v)) for k, v in asked.items() if k not in {"q", "after", "before", "format"} and v],
            page=self.page,
            is_searchable=self.search is not None,
            saved_views=saved_views,
            export=export,
        )

    def narrowed(self, request: HttpRequest, rows: Rows) -> Rows:
        """The rows that the search and the filters of the address leave, for boards and timelines of the same list."""
        asked = request.GET
        return self._narrowed(rows, _word(asked, "q"), [_AskedFilter(each, asked) for each in self.filters])

    def _narrowed(self, rows: Rows, query: str, filters: "Iterable[_AskedFilter]") -> Rows:
        if query and self.search:
            rows = self.search(rows, query)
        for each in filters:
            if each.value:
                rows = each.of.apply(rows, each.value)
        return rows

    def _sorting(self, asked: QueryDict) -> tuple[str, Column | None, bool]:
        sortable = {c.key: c for c in self.columns if c.sort}
        for wanted in (asked.get("sort", ""), self.sort):
            if (key := wanted.removeprefix("-")) in sortable:
                return wanted, sortable[key], wanted.startswith("-")
        return "", None, False

    def _hidden(self, request: HttpRequest) -> set[str]:
        """Columns not shown: those the reader chose (remembered in their session), else the optional ones."""
        optional = {c.key for c in self.columns if c.is_optional}
        remembered = f"columns:{self.page}"
        if "columns" in request.GET:
            shown = set(request.GET["columns"].split(","))
            hidden = {c.key for c in self.columns[1:] if c.key not in shown}
            if hasattr(request, "session"):
                request.session[remembered] = sorted(hidden)
            return hidden
        kept = request.session.get(remembered) if hasattr(request, "session") else None
        return set(kept) if kept is not None else optional

    def _ordered(self, rows: Rows, column: Column | None, is_down: bool) -> Rows:
        down = "-" if is_down else ""
        return rows.order_by(*([f"{down}{column.sort}"] if column else []), f"{down}pk")

    def _cut(
        self, rows: Rows, column: Column | None, is_down: bool, asked: QueryDict
    ) -> tuple[list[Any], str, str]:
        """One page of rows, with the cursors before its first and after its last row ('' at either end)."""
        backwards = bool(asked.get("before"))
        cursor = _read_cursor(asked.get("before") or asked.get("after") or "", column, rows.model)
        if cursor:
            rows = rows.filter(_beyond(column, cursor, is_down != backwards))
        found = list(self._ordered(rows, column, is_down != backwards)[: self.page_size + 1])
        has_more = len(found) > self.page_size
        found = found[: self.page_size]
        if backwards:
            found.reverse()
        if not found:
            return found, "", ""
        has_before = has_more if backwards else cursor is not None
        has_after = True if backwards and cursor else has_more
        return (
            found,
            _write_cursor(found[0], column) if has_before else "",
            _write_cursor(found[-1], column) if has_after else "",
        )

    def _export(self, rows: Rows, form: str, hidden: set[str]) -> HttpResponseBase:
        columns = [c for c in self.columns if c.key not in hidden]

        def cells() -> Iterator[list[object]]:
            for row in rows.iterator(chunk_size=2000):
                yield [c.value(row) for c in columns]

        return table_response(self.file_name, form, [str(c.label) for c in columns], cells())

    def _shown_column(self, column: Column, sort: str, hidden: set[str], address: "_Address") -> ShownColumn:
        is_sorted = {column.key: "asc", f"-{column.key}": "desc"}.get(sort, "")
        wanted = f"-{column.key}" if is_sorted == "asc" else column.key
        shown = [c.key for c in self.columns if (c.key in hidden) == (c.key == column.key)]
        return ShownColumn(
            key=column.key,
            label=column.label,
            is_sortable=bool(column.sort),
            is_sorted=is_sorted,
            is_numeric=column.is_numeric,
            is_hidden=column.key in hidden,
            sort_url=address.with_(sort=wanted, after=None, before=None) if column.sort else "",
            toggle_url=address.with_(columns=",".join(shown)),
        )


class _Address:
    """The address of the list, and its variations."""

    def __init__(self, path: str, asked: QueryDict) -> None:
        self.path = path
        self.asked = asked.copy()
        self.asked.pop("format", None)

    def with_(self, **values: str | None) -> str:
        asked = self.asked.copy()
        for key, value in values.items():
            if value:
                asked[key] = value
            else:
                asked.pop(key, None)
        return f"{self.path}?{asked.urlencode()}" if asked else self.path

    def along(self, key: str) -> Callable[[str], str]:
        """How the address of each value of one key is written, from its first page."""
        rest = self.with_(**{key: None, "after": None, "before": None})
        start = f"{rest}{'&' if '?' in rest else '?'}{key}="
        return lambda value: start + quote_plus(value)

    def only(self, keys: Sequence[str]) -> str:
        return self.with_(**{key: None for key in self.asked if key not in keys})


def _word(asked: QueryDict, key: str) -> str:
    """What the address says under a name, without the character that no database takes."""
    return asked.get(key, "").replace("\x00", "").strip()[:200]


@dataclass
class _AskedFilter:
    """A filter as the address asks for it; its choices are read once for one answer."""

    of: Filter
    asked: QueryDict

    @cached_property
    def choices(self) -> list[tuple[str, Words]]:
        """What it offers."""
        return list(self.of.choices()) if self.of.kind == "choice" else []

    @cached_property
    def value(self) -> str:
        """What is asked, if it can be."""
        value = _word(self.asked, self.of.key)
        if self.of.kind == "date":
            try:
                return value if value and parse_date(value) else ""
            except ValueError:
                return ""
        if self.of.kind == "choice" and value:
            return value if any(value == known for known, _ in self.choices) else ""
        return value

    def shown(self, address: _Address) -> ShownFilter:
        """The filter as the list shows it."""
        of, value, url = self.of, self.value, address.along(self.of.key)
        choices = [ShownChoice(known, label, url(known), known == value) for known, label in self.choices]
        named = next((choice.label for choice in choices if choice.is_on), value)
        clear = address.with_(**{of.key: None, "after": None, "before": None})
        return ShownFilter(of.key, of.label, of.kind, value, named, choices, clear)


def _value_of(row: Any, path: str) -> Any:
    for part in path.split("__"):
        row = getattr(row, part)
    return row


def _write_cursor(row: Model, column: Column | None) -> str:
    value = _value_of(row, column.sort) if column else None
    if isinstance(value, dt.datetime):  # to the microsecond: a cut-off moment would skip its neighbours
        value = value.isoformat()
    text = json.dumps([value, row.pk], cls=DjangoJSONEncoder, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(text: str, column: Column | None, model: type[Model]) -> tuple[Any, Any] | None:
    """The cursor's sort value and row, or nothing if somebody broke it."""
    try:
        value, pk = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, TypeError, binascii.Error):
        return None
    is_plain = isinstance(value, str | int | float | bool | Decimal | dt.date) and "\x00" not in str(value)
    if isinstance(model._meta.pk, UUIDField):
        is_key = isinstance(pk, str) and bool(_UUID.fullmatch(pk))
    else:
        is_key = isinstance(pk, int) and abs(pk) < 2**62
    return (value, pk) if is_key and (is_plain or column is None) else None


def _beyond(column: Column | None, cursor: tuple[Any, Any], is_down: bool) -> Q:
    value, pk = cursor
    side = "lt" if is_down else "gt"
    if column is None:
        return Q(**{f"pk__{side}": pk})
    return Q(**{f"{column.sort}__{side}": value}) | Q(**{column.sort: value, f"pk__{side}": pk})


__all__ = ["Column", "Filter", "ListOf", "Listing"]
