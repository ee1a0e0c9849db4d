"""An audited change can be undone once, for a day, unless somebody touched the same row since."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from tests import world
from vertebra.accounts import audit
from vertebra.accounts.models import AuditEntry
from vertebra.org.models import Market

pytestmark = pytest.mark.django_db


def created_market(name: str = "Germany") -> tuple[Market, AuditEntry]:
    tracker = audit.Tracker()
    market = Market(name=name, created_at=world.NOW)
    tracker.create(market)
    entry = audit.record(
        actor=None,
        verb="create",
        kind="market",
        object_id=market.pk,
        object_name=name,
        now=world.NOW,
        rows=tracker.changes,
    )
    return market, entry


def test_rows_made_together_are_noted_each_and_undone_together() -> None:
    tracker = audit.Tracker()
    tracker.create_all([Market(name=name, created_at=world.NOW) for name in ("Chile", "Peru")])
    tracker.create_all([])
    made = list(Market.objects.order_by("pk"))
    assert [(note.row_id, note.operation) for note in tracker.changes] == [
        (row.pk, "created") for row in made
    ]
    entry = audit.record(actor=None, verb="create", kind="market", now=world.NOW, rows=tracker.changes)
    audit.undo(actor=world.ines(), entry=entry, now=world.NOW)
    assert not Market.objects.exists()


def test_of_rows_made_together_a_wrong_one_makes_none() -> None:
    markets = [Market(name="Chile", created_at=world.NOW), Market(name="x" * 10_000, created_at=world.NOW)]
    with pytest.raises(ValidationError):
        audit.Tracker().create_all(markets)
    assert not Market.objects.exists()


def renamed(market: Market, name: str) -> AuditEntry:
    tracker = audit.Tracker()
    tracker.change(market, name=name)
    return audit.record(
        actor=None,
        verb="change",
        kind="market",
        object_id=market.pk,
        object_name=name,
        now=world.NOW,
        rows=tracker.changes,
    )


def test_undoing_a_change_puts_the_old_value_back() -> None:
    market, _ = created_market()
    entry = renamed(market, "Deutschland")
    audit.undo(actor=world.ines(), entry=entry, now=world.NOW)
    market.refresh_from_db()
    assert market.name == "Germany"


def test_undoing_a_creation_removes_the_row() -> None:
    _, entry = created_market()
    audit.undo(actor=world.ines(), entry=entry, now=world.NOW)
    assert not Market.objects.exists()


def test_an_entry_is_undone_once() -> None:
    market, _ = created_market()
    entry = renamed(market, "Deutschland")
    ines = world.ines()
    audit.undo(actor=ines, entry=entry, now=world.NOW)
    with pytest.raises(audit.CannotUndo):
        audit.undo(actor=ines, entry=entry, now=world.NOW)


def test_a_row_touched_since_is_not_undone() -> None:
    market, _ = created_market()
    first = renamed(market, "Deutschland")
    second = renamed(market, "Allemagne")
    ines = world.ines()
    with pytest.raises(audit.CannotUndo):
        audit.undo(actor=ines, entry=first, now=world.NOW)
    audit.undo(actor=ines, entry=second, now=world.NOW)
    audit.undo(actor=ines, entry=first, now=world.NOW)
    market.refresh_from_db()
    assert market.name == "Germany"


def test_after_a_day_nothing_is_undone() -> None:
    market, _ = created_market()
    entry = renamed(market, "Deutschland")
    with pytest.raises(audit.CannotUndo):
        audit.undo(actor=world.ines(), entry=entry, now=world.NOW + dt.timedelta(hours=25))


def test_an_undo_can_itself_be_undone() -> None:
    market, _ = created_market()
    entry = renamed(market, "Deutschland")
    ines = world.ines()
    undone = audit.undo(actor=ines, entry=entry, now=world.NOW)
    audit.undo(actor=ines, entry=undone, now=world.NOW)
    market.refresh_from_db()
    assert market.name == "Deutschland"
