"""Undo takes back what was drafted, and never what people answered."""

import pytest

from tests import world
from tests.evidence.world import SCALE, asked, pulse, team
from vertebra.accounts import audit
from vertebra.accounts.models import AuditEntry
from vertebra.evidence.models import Invitation, Survey

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def test_a_survey_that_people_were_asked_is_undone_no_more() -> None:
    team("Pay", 6)
    survey = pulse([SCALE])
    made = AuditEntry.objects.get(kind="survey", object_id=survey.pk)
    assert audit.why_not_undoable(made, world.NOW) == ""
    asked(survey)
    ines = world.ines()
    for entry in AuditEntry.objects.filter(kind="survey"):
        with pytest.raises(audit.CannotUndo):
            audit.undo(actor=ines, entry=entry, now=world.NOW)
    assert Survey.objects.filter(pk=survey.pk).exists()
    assert Invitation.objects.count() == 6
