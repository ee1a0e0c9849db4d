"""What became of it: everyone heard learns it, by a link of theirs, once a week at most."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from tests import world
from tests.discovery.audited import Heard, audited, heard
from vertebra.accounts.outbox import deliver
from vertebra.accounts.tokens import digest_of
from vertebra.discovery.actions import audit_publishing as publishing
from vertebra.discovery.actions.follow_ups import tell_what_became
from vertebra.discovery.actions.pain_states import dismiss_pain_points, settle_pain_points
from vertebra.discovery.actions.quick_wins import propose_quick_win, start_quick_win
from vertebra.discovery.models import FollowUp
from vertebra.discovery.queries.follow_ups import due_news
from vertebra.kit import clock

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def found() -> Heard:
    cache.clear()
    made = heard()
    audit = audited(made)
    publishing.freeze_audit(actor=made.ines, audit=audit, now=world.NOW)
    publishing.publish_audit(actor=made.ines, audit=audit, now=world.NOW)
    return made


def told() -> dict[str, str]:
    """The link in the latest mail of each person."""
    deliver(clock.machine())
    links = {}
    for message in mail.outbox:
        if address := re.search(r"(/discovery/heard/\w+/)", str(message.body)):
            links[message.to[0]] = address[1]
    return links


def test_everyone_heard_is_told_once_when_the_audit_is_published(found: Heard) -> None:
    assert set(due_news(world.NOW)) == {person.pk for person in found.people[:20]}
    tell_what_became(actor=None, now=world.NOW)
    assert len(told()) == 20
    tell_what_became(actor=None, now=world.NOW + DAY)
    assert FollowUp.objects.count() == 20


def test_what_moves_is_grouped_in_at_most_one_mail_a_week(found: Heard) -> None:
    tell_what_became(actor=None, now=world.NOW)
    first, second = found.pains[:2]
    settle_pain_points(actor=found.ines, pain_points=[first], now=world.NOW + DAY, reason="Un canal")
    dismiss_pain_points(actor=found.ines, pain_points=[second], reason="Trop tôt", now=world.NOW + 2 * DAY)
    tell_what_became(actor=None, now=world.NOW + 3 * DAY)
    assert FollowUp.objects.count() == 20, "not within the week"
    told()
    mail.outbox.clear()
    tell_what_became(actor=None, now=world.NOW + 7 * DAY)
    assert FollowUp.objects.count() == 32, "the twelve who spoke of them, in one mail each"
    deliver(clock.machine())
    body = str(next(message.body for message in mail.outbox if message.to == ["p00@example.org"]))
    assert first.title in body
    assert second.title in body
    assert not due_news(world.NOW + 20 * DAY)


def test_the_page_says_where_everything_stands(found: Heard) -> None:
    win = propose_quick_win(
        actor=found.ines, pain_point=found.pains[0], title="Annoncer la veille", days=2, language="fr",
        now=world.NOW,
    )  # fmt: skip
    start_quick_win(actor=found.ines, quick_win=win, now=world.NOW)
    dismiss_pain_points(actor=found.ines, pain_points=[found.pains[1]], reason="Trop tôt", now=world.NOW)
    found.pain("Encore à regarder", 0)
    found.pains[-1].__class__.objects.filter(pk=found.pains[-1].pk).update(state="raised")
    tell_what_became(actor=None, now=world.NOW)
    links = told()
    before = FollowUp.objects.count()
    page = Client().get(links["p00@example.org"])
    text = page.content.decode()
    assert FollowUp.objects.count() == before
    for words in (found.pains[0].title, "Annoncer la veille", "Trop tôt"):
        assert words in text
    assert "Encore à regarder" not in text, "what is not confirmed stays with Product Ops"
    assert "voilà ce que je vis" not in text, "words of nobody"
    other = Client().get(links["p15@example.org"]).content.decode()
    assert found.pains[0].title not in other, "only what one's own words show"
    assert Client().get("/discovery/heard/" + "0" * 64 + "/").status_code == 404


def test_an_expired_link_offers_a_new_one_to_their_own_address(found: Heard) -> None:
    interview = found.interviews[0]
    interview.follow_up_digest = digest_of("old")
    interview.held_on = world.TODAY - dt.timedelta(days=61)
    interview.save()
    address = "/discovery/heard/old/"
    page = Client().get(address)
    assert page.status_code == 410
    assert not FollowUp.objects.exists()
    assert Client().post(address).status_code == 302
    assert Client().get(told()["p00@example.org"]).status_code == 200
    interview.held_on = world.TODAY - dt.timedelta(days=5)
    interview.save()
    assert Client().get(address).status_code == 200
