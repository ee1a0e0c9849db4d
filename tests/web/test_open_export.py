"""The open export carries nothing that was said in confidence, not even inside the audit."""

from pathlib import Path

import pytest

from tests import world
from tests.org import company as cast
from vertebra.accounts import audit
from vertebra.accounts.labels import Kind, Operation
from vertebra.org.actions.mandates import change_mandate
from vertebra.org.models import Mandate
from vertebra.web.open_export import export_to, exported, exported_columns

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_the_audit_keeps_of_conversations_stays_inside(tmp_path: Path) -> None:
    was = audit.RowChange("discovery.tohear", 1, Operation.DELETED, {"proposal": "Away on Mondays."})
    private = {"kind": Kind.CAMPAIGN, "object_name": "Why Zoe leaves", "rows": [was]}
    audit.record(actor=None, verb="remove_people", now=world.NOW, **private)  # type: ignore[arg-type]
    audit.record(actor=None, verb="change", kind=Kind.MARKET, object_name="Germany", now=world.NOW)
    export_to(tmp_path / "whole")
    written = "".join(path.read_text() for path in (tmp_path / "whole").iterdir())
    assert "Germany" in written
    assert "Mondays" not in written and "Zoe" not in written


def test_hours_agreed_stay_inside(tmp_path: Path) -> None:
    lea = cast.small().lea
    held = Mandate.objects.as_of(world.TODAY).get(person=lea)
    Mandate.objects.filter(pk=held.pk).update(imported={"hours_per_month": 7})
    change_mandate(
        actor=world.ines(), mandate=held, changes={"hours_per_month": 6}, on=held.starts_on, now=world.NOW
    )
    told = {"changes": {"hours_per_month": ["7", "6"]}}
    audit.record(actor=None, verb="change", kind=Kind.MANDATE, particulars=told, now=world.NOW)
    export_to(tmp_path / "whole")
    written = "".join(path.read_text() for path in (tmp_path / "whole").iterdir())
    assert "org.mandate" in written and "hours_per_month" not in written


def test_nothing_that_is_sealed_leaves() -> None:
    doors = ("sealed", "secret", "token", "password")
    names = {f"{model._meta.label_lower}.{name}" for model in exported() for name in exported_columns(model)}
    assert not [name for name in names if any(door in name for door in doors)]
