"""The open export carries nothing that was said in confidence, not even inside the audit."""

from pathlib import Path

import pytest

from tests import world
from vertebra.accounts import audit
from vertebra.accounts.labels import Kind, Operation
from vertebra.web.open_export import export_to

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
