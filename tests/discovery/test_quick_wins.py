"""Quick wins: proposed in a minute, due within thirty days, delivered, or dropped with a reason."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from tests.discovery.audited import Heard, audited, heard
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import Link
from vertebra.discovery.actions import quick_wins as actions
from vertebra.discovery.models import QuickWin
from vertebra.discovery.queries.quick_wins import due_for, open_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def found() -> Heard:
    made = heard()
    made.pain("Le terrain apprend les nouveautés par les clients", *range(12))
    return made


def proposed(found: Heard, **fields: object) -> QuickWin:
    given: dict[str, object] = {"title": "Annoncer la veille", "days": 2, "language": "fr"}
    return actions.propose_quick_win(
        actor=found.ines,
        pain_point=found.pains[0],
        now=world.NOW,
        **(given | fields),  # type: ignore[arg-type]
    )


def test_it_is_tied_to_what_it_relieves_and_due_within_thirty_days(found: Heard) -> None:
    win = proposed(found, owner=found.people[3])
    assert Link.objects.get(from_kind=Kind.QUICK_WIN, from_id=win.pk).to_id == found.pains[0].pk
    with pytest.raises(actions.TooLong):
        actions.start_quick_win(
            actor=found.ines, quick_win=win, due_on=world.TODAY + dt.timedelta(days=31), now=world.NOW
        )
    actions.start_quick_win(actor=found.ines, quick_win=win, now=world.NOW)
    win.refresh_from_db()
    assert win.due_on == world.TODAY + dt.timedelta(days=30)
    assert list(due_for(world.lea(), found.people[3], world.TODAY)) == []
    assert list(due_for(world.karim(), found.people[3], world.TODAY + dt.timedelta(days=24))) == [win]
    assert list(due_for(found.ines, None, world.TODAY + dt.timedelta(days=31))) == [win]
    actions.deliver_quick_win(actor=found.ines, quick_win=win, now=world.NOW)
    with pytest.raises(Refusal):
        actions.drop_quick_win(actor=found.ines, quick_win=win, reason="Non", now=world.NOW)


def test_what_cannot_be_is_refused(found: Heard) -> None:
    for wrong in ({"title": "  "}, {"days": 0}, {"days": 21}):
        with pytest.raises(Refusal):
            proposed(found, **wrong)
    win = proposed(found)
    with pytest.raises(actions.NotThatState):
        actions.deliver_quick_win(actor=found.ines, quick_win=win, now=world.NOW)
    with pytest.raises(actions.NoReason):
        actions.drop_quick_win(actor=found.ines, quick_win=win, reason=" ", now=world.NOW)


def test_readers_see_what_was_started_or_published(found: Heard) -> None:
    win = proposed(found, audit=audited(found))
    lea = world.lea()
    assert not open_to(lea).exists()
    actions.start_quick_win(actor=found.ines, quick_win=win, now=world.NOW)
    assert list(open_to(lea)) == [win]
    client = Client()
    client.force_login(lea, "allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(reverse("discovery:quick-win-show", args=(win.pk,))).status_code == 200
    assert client.post(reverse("discovery:quick-win-delivery", args=(win.pk,))).status_code == 404


def test_whoever_does_it_says_that_it_is_done(found: Heard) -> None:
    karim = world.karim()
    person = found.people[0]
    person.user = karim
    person.save()
    win = proposed(found, owner=person)
    actions.start_quick_win(actor=found.ines, quick_win=win, now=world.NOW)
    client = Client()
    client.force_login(karim, "allauth.account.auth_backends.AuthenticationBackend")
    client.post(reverse("discovery:quick-win-delivery", args=(win.pk,)))
    win.refresh_from_db()
    assert win.state == "delivered"
