"""Those who raised or passed on what a release answers: told once, in their language, with their own words alone."""

import datetime as dt
from typing import Any

import pytest
from django.core import mail

from tests import world
from tests.org.company import area, person
from tests.releases.announced import NOW, ready, someone
from tests.releases.made import planned
from tests.roadmap.undertaken import undertaken
from vertebra.accounts import outbox
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, Message, User
from vertebra.discovery.actions.help_requests import ask_for_help
from vertebra.discovery.models import HelpRequest
from vertebra.org.labels import MandateRole
from vertebra.org.models import Mandate
from vertebra.releases.actions import states
from vertebra.releases.actions.raisers import tell_raisers
from vertebra.releases.actions.releases import tie_release
from vertebra.releases.jobs.announcing import somebody_raised, tell_those_who_raised
from vertebra.releases.models import Relay, Release
from vertebra.releases.queries.raisers import NEWS_FOR, raisers_of, to_answer
from vertebra.roadmap.actions.topics import add_voice, raise_topic
from vertebra.roadmap.models import Topic

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def topic(actor: User, title: str = "Refunds take three days", **given: Any) -> Topic:
    return raise_topic(actor=actor, title=title, language="en", now=NOW, **given)


def out(actor: User, *ends: tuple[str, int], title: str = "Refunds in one click") -> Release:
    """A release that is out and answers these."""
    row = planned(actor, title)
    for end in ends:
        tie_release(actor=actor, release=row, other=end, now=NOW)
    states.release_it(actor=actor, release=row, now=NOW)
    row.refresh_from_db()
    return row


def bodies() -> dict[str, str]:
    return {one.to[0]: str(one.body) for one in mail.outbox}


def test_each_is_told_once_in_their_language_with_their_own_words_alone(karim: User) -> None:
    raiser = someone("Rita Roy", "sales", "fr")
    asked = someone("Help Hart", "support")
    request, _entry = _help(asked.user, "Refunds cost us an hour a day")
    row_topic = raise_topic(
        actor=karim,
        title="Refunds take three days",
        language="en",
        origin=(Kind.HELP_REQUEST, request.pk),
        now=NOW,
    )
    add_voice(actor=karim, topic=row_topic, person=raiser, now=NOW)
    raise_topic(
        actor=None,
        title="x",
        language="en",
        origin=(Kind.HELP_REQUEST, request.pk),
        address="out@example.com",
        now=NOW,
    )
    row = out(karim, (Kind.TOPIC, row_topic.pk))
    ready(karim, row, "everyone", "fr")
    assert tell_those_who_raised.call() >= 3
    outbox.deliver(NOW)
    told = bodies()
    assert "Refunds cost us an hour a day" in told["help@example.org"]
    assert "three days" not in told["help@example.org"], "of one thing each hears their own words"
    assert (
        "Refunds take three days" in told["rita@example.org"]
        and "One click (everyone, fr)" in told["rita@example.org"]
    )
    assert "an hour a day" not in told["rita@example.org"]
    assert "out@example.com" in told
    for text in told.values():
        assert "Rita" not in text.replace("Rita Roy", "", 1) and not ("Help Hart" in text and "Rita" in text)
    count = Message.objects.count()
    assert tell_those_who_raised.call() == 0
    assert Message.objects.count() == count
    assert AuditEntry.objects.filter(verb="tell", kind=Kind.RELEASE).count() == 1


def _help(user: User | None, sentence: str) -> tuple[HelpRequest, Any]:
    assert user is not None
    ask_for_help(actor=user, sentence=sentence, unit=None, language=user.language, now=NOW)
    return HelpRequest.objects.latest("pk"), None


def test_it_reaches_through_initiatives(karim: User) -> None:
    raiser = someone("Rita Roy", "sales")
    row_topic = topic(karim)
    add_voice(actor=karim, topic=row_topic, person=raiser, now=NOW)
    initiative = undertaken(karim, "One click", answers=(Kind.TOPIC, row_topic.pk))
    row = out(karim, (Kind.INITIATIVE, initiative.pk))
    assert raiser.user in {one.user for one in raisers_of(row, NOW)}


def test_what_a_champion_passed_on_is_theirs(karim: User) -> None:
    champion = someone("Champ Lind", "sales")
    mandate = Mandate.objects.create(
        person=champion,
        role=MandateRole.CHAMPION,
        function="sales",
        area=area("Refunds"),
        starts_on=world.TODAY,
    )
    row_topic = topic(karim)
    for at, line in enumerate(("Customers wait for their money", "They wait still")):
        Relay.objects.create(
            mandate=mandate,
            person=champion,
            topic=row_topic,
            line=line,
            language="en",
            passed_at=NOW + dt.timedelta(at),
        )
    row = out(karim, (Kind.TOPIC, row_topic.pk))
    tell_raisers(actor=None, release=row, now=NOW)
    outbox.deliver(NOW)
    assert "Customers wait for their money" in bodies()["champ@example.org"]
    assert "They wait still" in bodies()["champ@example.org"]


def test_nobody_is_told_who_left_who_leads_it_or_whom_nothing_reaches(karim: User) -> None:
    leads, left, mute = someone("Lead Roy", "product"), someone("Left Hart", "sales"), person("Mute Lind")
    row_topic = topic(karim)
    for one in (leads, left, mute):
        add_voice(actor=karim, topic=row_topic, person=one, now=NOW)
    row = out(karim, (Kind.TOPIC, row_topic.pk))
    Release.objects.update(lead=leads)
    row.refresh_from_db()
    type(left).objects.filter(pk=left.pk).update(left_on=world.TODAY)
    assert [one.user for one in raisers_of(row, NOW)] == [karim]


def test_before_it_is_out_or_long_after_nobody_is_told(karim: User, settings: Any) -> None:
    row_topic = topic(karim)
    row = planned(karim)
    tie_release(actor=karim, release=row, other=(Kind.TOPIC, row_topic.pk), now=NOW)
    assert not somebody_raised()
    assert tell_raisers(actor=None, release=row, now=NOW) is None
    states.release_it(actor=karim, release=row, now=NOW)
    assert somebody_raised()
    settings.FIXED_NOW = NOW + NEWS_FOR + dt.timedelta(days=1)
    assert not somebody_raised()
    assert not Message.objects.filter(template="raised_released").exists()


def test_who_passed_the_release_on_to_their_trade_raised_nothing(karim: User) -> None:
    champion = someone("Champ Lind", "sales")
    mandate = Mandate.objects.create(
        person=champion, role=MandateRole.CHAMPION, area=area("Refunds"), starts_on=world.TODAY
    )
    row_topic = topic(karim)
    row, alone = out(karim, (Kind.TOPIC, row_topic.pk)), out(karim, title="Answers nothing")
    told = {"mandate": mandate, "person": champion, "language": "en", "passed_at": NOW}
    for release in (row, alone):
        Relay.objects.create(line="I told the dealers of it", release=release, **told)
    Relay.objects.create(line="I told them of both", release=row, topic=row_topic, **told)
    assert [one.user for one in raisers_of(row, NOW)] == [karim]
    assert [one.pk for one in to_answer(NOW)] == [row.pk]
