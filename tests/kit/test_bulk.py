"""Rows written at once hold what the same rows written one by one would."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from tests import world
from vertebra.accounts.models import AuditEntry, SearchEntry
from vertebra.kit.bulk import insert_rows, stored
from vertebra.org.models import UnitKind

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


def test_texts_moments_and_values_are_read_back_as_they_were_given() -> None:
    told = {"names": ["Zoé", 'a "quoted"\tline\nand \\N another'], "share": 0.5, "none": None}
    columns = (
        "at",
        "actor_id",
        "actor_name",
        "verb",
        "kind",
        "object_id",
        "object_name",
        "particulars",
        "request_id",
    )
    rows = [
        (stored(world.NOW), None, "\\N", "create", "unit", 7, "tab\tand\nline", stored(told), ""),
        (stored(world.NOW), None, "Ines", "create", "unit", None, "", stored({}), "x"),
    ]
    insert_rows(AuditEntry, columns, rows)
    first, second = AuditEntry.objects.order_by("pk")
    assert (first.at, first.actor_name, first.object_name) == (world.NOW, "\\N", "tab\tand\nline")
    assert (first.particulars, first.object_id) == (told, 7)
    assert (second.particulars, second.object_id) == ({}, None)


def test_no_rows_are_no_rows() -> None:
    insert_rows(SearchEntry, ("kind",), [])
    assert not SearchEntry.objects.exists()


def test_days_and_plain_values_are_left_readable() -> None:
    assert [stored(one) for one in (dt.date(2026, 2, 1), [1], True, None, "é")] == [
        "2026-02-01",
        "[1]",
        True,
        None,
        "é",
    ]


def test_what_the_database_refuses_is_told_as_the_orm_tells_it() -> None:
    kind = UnitKind.objects.create(slug="team")
    fields = [str(field.column) for field in UnitKind._meta.concrete_fields]
    row = tuple(getattr(kind, field.attname) for field in UnitKind._meta.concrete_fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(UnitKind, fields, [row])
    assert UnitKind.objects.count() == 1
