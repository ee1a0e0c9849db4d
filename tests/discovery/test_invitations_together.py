"""Two who invite the same people at the same moment: each is written to once."""

import threading
from contextlib import suppress

import pytest
from django.db import connection

from tests import world
from tests.discovery.listening import campaign_of, rows_of
from tests.org import company
from vertebra.accounts.models import Message
from vertebra.discovery.actions import invitations
from vertebra.discovery.actions.invitations import Invitation, NobodyToInvite
from vertebra.discovery.models import ToHear
from vertebra.evidence.asks import room_to_ask

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_two_who_invite_at_once_write_to_each_person_once(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite of the tests is in memory, with locks of its own")
    ines = world.ines()
    campaign = campaign_of(ines, [company.person(f"Person {n}", email=f"p{n}@example.org") for n in range(3)])
    have_read = threading.Barrier(2)
    refused: list[str] = []

    def slowly(people: list[int], now: object) -> set[int]:
        # Without waiting for each other both would stand here, with everybody still to be invited.
        with suppress(threading.BrokenBarrierError):
            have_read.wait(timeout=1)
        return room_to_ask(people, now)  # type: ignore[arg-type]

    monkeypatch.setattr(invitations, "room_to_ask", slowly)

    def invite() -> None:
        try:
            invitations.invite_people(
                actor=ines, campaign=campaign, rows=rows, invitation=Invitation(), now=world.NOW
            )
        except NobodyToInvite as refusal:
            refused.append(str(refusal))
        connection.close()

    rows = rows_of(campaign)
    hands = [threading.Thread(target=invite) for _hand in range(2)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert len(refused) == 1
    assert Message.objects.filter(template="hearing_invitation").count() == 3
    assert set(ToHear.objects.values_list("letters", flat=True)) == {1}
