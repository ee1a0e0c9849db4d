"""What Home tells of what somebody follows, and what it keeps to itself."""

import pytest

from tests import world
from vertebra.accounts import audit
from vertebra.accounts.labels import Kind, Role
from vertebra.accounts.models import Watch
from vertebra.web.home import followed_changes

pytestmark = pytest.mark.django_db


def test_the_minute_at_which_words_were_tied_or_taken_back_is_told_to_product_ops_alone() -> None:
    lea, ines = world.lea(), world.ines()
    other = world.account("Other Ops", Role.PRODUCT_OPS)
    for user in (lea, ines):
        Watch.objects.create(user=user, kind=Kind.PAIN_POINT, object_id=1, since_at=world.NOW)
    made = [
        audit.record(actor=other, verb=verb, kind=Kind.PAIN_POINT, object_id=1, now=world.NOW)
        for verb in ("link", "unlink", "confirm")
    ]
    made.append(
        audit.record(
            actor=other, verb="undo", kind=Kind.PAIN_POINT, object_id=1, now=world.NOW, undoes=made[0]
        )
    )
    assert [entry.verb for entry in followed_changes(lea)] == ["confirm"]
    assert len(followed_changes(ines)) == len(made)
