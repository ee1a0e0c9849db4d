"""Invitations really go out, are answered by a link, and come back: nothing changes by looking."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.core.cache import cache

from tests import world
from tests.discovery.listening import (
    Server,
    browser,
    campaign_of,
    event_in,
    link_in,
    mail_server,
    rows_of,
    text_of,
    two_of,
)
from tests.org import company
from vertebra.accounts.audit import CannotUndo, undo
from vertebra.accounts.jobs import deliver_messages
from vertebra.accounts.labels import Role
from vertebra.accounts.models import AuditEntry, Message, User
from vertebra.discovery.actions import answers, invitations, plans
from vertebra.discovery.actions.hearing import Meeting
from vertebra.discovery.actions.invitations import Invitation
from vertebra.discovery.jobs.invitations import somebody_waits
from vertebra.discovery.labels import CampaignState, InterviewState, InviteState
from vertebra.discovery.models import Campaign, Interview, ToHear
from vertebra.discovery.queries.hearing import free_moments, with_stands
from vertebra.evidence.asks import note_asks
from vertebra.evidence.models import Ask
from vertebra.org.models import Person

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]

NOW = world.NOW
MOMENTS = [NOW + dt.timedelta(days=2, hours=hour) for hour in range(4)]


@pytest.fixture(autouse=True)
def a_fresh_door() -> None:
    cache.clear()


@pytest.fixture
def mail(settings: LazySettings) -> Iterator[Server]:
    settings.FIXED_NOW = NOW
    with mail_server(settings) as server:
        yield server


@pytest.fixture
def ines() -> User:
    return world.account("Ines Barbier", Role.PRODUCT_OPS, language="en")


def begun(actor: User) -> Campaign:
    return campaign_of(actor, two_of(company.small()))


def invite(actor: User, campaign: Campaign, **given: object) -> None:
    invitations.invite_people(
        actor=actor,
        campaign=campaign,
        rows=rows_of(campaign),
        invitation=Invitation(offered=MOMENTS, place="Room 4", **given),  # type: ignore[arg-type]
        now=NOW,
    )
    deliver_messages.call()


def test_an_invitation_goes_out_and_its_answer_comes_back(mail: Server, ines: User) -> None:
    campaign = begun(ines)
    invite(ines, campaign, note="I bring the coffee.")
    (asked,) = mail.to("karim@example.org")
    assert "would like to hear you" in asked["Subject"]
    assert "I bring the coffee." in text_of(asked)
    page = browser().get(link_in(asked))
    assert page.status_code == 200
    shown = page.context["moments"]
    assert set(shown) == set(MOMENTS)
    answer = browser().post(link_in(asked), {"moment": shown[1].isoformat()})
    assert answer.status_code == 302
    talk = Interview.objects.get()
    assert (talk.person.name, talk.starts_at, talk.interviewer) == ("Karim Diallo", shown[1], ines)  # type: ignore[union-attr]
    deliver_messages.call()
    method, event = event_in(mail.to("karim@example.org")[1])
    assert (method, event.start, event["SEQUENCE"]) == ("REQUEST", shown[1], 0)
    assert "ines@example.org" in event["ORGANIZER"]
    assert "karim@example.org" in event["ATTENDEE"]
    (told,) = mail.to("ines@example.org")
    assert told["Subject"].startswith("Karim Diallo will be there")
    assert "I will be there" not in browser().get(link_in(asked)).content.decode()


def test_looking_changes_nothing(mail: Server, ines: User) -> None:
    campaign = begun(ines)
    invite(ines, campaign)
    before = list(ToHear.objects.values())
    entries = AuditEntry.objects.count()
    for _time in range(3):
        assert browser().get(link_in(mail.received[0])).status_code == 200
    assert list(ToHear.objects.values()) == before
    assert (AuditEntry.objects.count(), Interview.objects.count()) == (entries, 0)


def test_two_people_cannot_take_the_same_moment(mail: Server, ines: User) -> None:
    campaign = begun(ines)
    invite(ines, campaign)
    first, second = (link_in(mail.to(f"{name}@example.org")[0]) for name in ("karim", "lea"))
    browser().post(first, {"moment": MOMENTS[0].isoformat()})
    late = browser().post(second, {"moment": MOMENTS[0].isoformat()})
    assert late.status_code == 422
    assert "just taken" in late.content.decode()
    assert MOMENTS[0] not in late.context["moments"]
    assert Interview.objects.count() == 1


def test_a_moment_that_nobody_offered_is_refused(mail: Server, ines: User) -> None:
    invite(ines, begun(ines))
    for moment in ("2026-11-30T09:00:00+00:00", "tomorrow", "2026-11-30T09:00:00", "9" * 400):
        assert browser().post(link_in(mail.received[0]), {"moment": moment}).status_code == 422
    assert not Interview.objects.exists()


def test_another_moment_is_proposed_in_words(mail: Server, ines: User) -> None:
    invite(ines, begun(ines))
    link = link_in(mail.to("lea@example.org")[0])
    assert browser().post(link, {"answer": "other", "words": "  "}).status_code == 422
    browser().post(link, {"answer": "other", "words": "Thursday\nafter three"})
    deliver_messages.call()
    assert "Thursday after three" in text_of(mail.to("ines@example.org")[0])
    row = ToHear.objects.get(person__name="Léa Roux")
    assert (row.proposal, row.state) == ("Thursday after three", InviteState.INVITED)


def test_declining_asks_no_reason_and_ends_the_letters(mail: Server, ines: User) -> None:
    campaign = begun(ines)
    invite(ines, campaign)
    link = link_in(mail.to("lea@example.org")[0])
    browser().post(link, {"moment": MOMENTS[0].isoformat()})
    browser().post(link, {"answer": "no"})
    deliver_messages.call()
    method, event = event_in(mail.to("lea@example.org")[-1])
    assert (method, event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    assert with_stands(ToHear.objects.filter(person__name="Léa Roux")).get().stands == InviteState.DECLINED
    sent = len(mail.to("lea@example.org"))
    with pytest.raises(invitations.NobodyToInvite):
        lea = [row for row in rows_of(campaign) if row.person.name == "Léa Roux"]
        invitations.invite_people(
            actor=ines, campaign=campaign, rows=lea, invitation=Invitation(offered=MOMENTS), now=NOW
        )
    deliver_messages.call()
    assert len(mail.to("lea@example.org")) == sent


def test_a_date_moves_under_one_name_and_its_link_goes_on_opening(mail: Server, ines: User) -> None:
    campaign = begun(ines)
    dates = [(row, MOMENTS[at]) for at, row in enumerate(rows_of(campaign))]
    invitations.set_dates(
        actor=ines, campaign=campaign, dates=dates, meeting=Meeting(None, 30, "Room 4"), now=NOW
    )
    talk = Interview.objects.get(person__name="Karim Diallo")
    plans.move_interview(
        actor=ines, interview=talk, starts_at=MOMENTS[3], minutes=60, place="Room 5", now=NOW
    )
    talk.refresh_from_db()
    plans.cancel_interview(actor=ines, interview=talk, now=NOW)
    deliver_messages.call()
    sent = [event_in(each) for each in mail.to("karim@example.org")]
    assert [method for method, _event in sent] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [int(event["SEQUENCE"]) for _method, event in sent] == [0, 1, 2]
    assert len({str(event["UID"]) for _method, event in sent}) == 1
    assert sent[1][1].start == MOMENTS[3]
    assert sent[1][1].end - sent[1][1].start == dt.timedelta(minutes=60)
    links = {link_in(each) for each in mail.to("karim@example.org")[:2]}
    assert len(links) == 1
    assert browser().get(links.pop()).status_code == 200


def test_saying_yes_to_a_date_is_one_press(mail: Server, ines: User) -> None:
    campaign = begun(ines)
    row = rows_of(campaign)[0]
    invitations.set_dates(
        actor=ines, campaign=campaign, dates=[(row, MOMENTS[0])], meeting=Meeting(None), now=NOW
    )
    deliver_messages.call()
    link = link_in(mail.received[0])
    assert "I will be there" in browser().get(link).content.decode()
    browser().post(link, {"answer": "yes"})
    row.refresh_from_db()
    assert row.answered_at == NOW
    file = browser().get(f"{link}calendar.ics")
    assert b"BEGIN:VEVENT" in file.content
    assert "You said yes" in browser().get(link).content.decode()


def test_nobody_is_asked_for_a_third_thing_in_a_week(mail: Server, ines: User) -> None:
    campaign = begun(ines)
    karim = Person.objects.get(name="Karim Diallo")
    note_asks([karim.pk], "survey", 1, NOW)
    note_asks([karim.pk], "survey", 2, NOW)
    invite(ines, campaign)
    assert mail.to("karim@example.org") == []
    assert len(mail.to("lea@example.org")) == 1
    assert somebody_waits()
    assert Ask.objects.filter(kind="campaign").count() == 1
    invitations.invite_waiting(actor=None, now=NOW + dt.timedelta(days=1))
    deliver_messages.call()
    assert mail.to("karim@example.org") == []
    invitations.invite_waiting(actor=None, now=NOW + dt.timedelta(days=8))
    deliver_messages.call()
    assert len(mail.to("karim@example.org")) == 1
    assert not somebody_waits()


def test_a_link_ends_with_its_campaign_and_after_sixty_days(
    mail: Server, ines: User, settings: LazySettings
) -> None:
    campaign = begun(ines)
    invite(ines, campaign)
    link = link_in(mail.received[0])
    settings.FIXED_NOW = NOW + dt.timedelta(days=61)
    over = browser().get(link)
    assert (over.status_code, "no longer opens" in over.content.decode()) == (410, True)
    settings.FIXED_NOW = NOW
    assert browser().get(link).status_code == 200
    Campaign.objects.update(state=CampaignState.CLOSED)
    assert browser().post(link, {"answer": "no"}).status_code == 410
    assert browser().get("/discovery/hearing/nothing/").status_code == 404


def test_a_link_is_not_tried_without_end(mail: Server, ines: User) -> None:
    invite(ines, begun(ines))
    link = link_in(mail.received[0])
    answers_to = [browser().post(link, {"answer": "other", "words": "x"}).status_code for _t in range(22)]
    assert answers_to[-1] == 429


def test_mails_that_left_are_not_undone(mail: Server, ines: User) -> None:
    campaign = begun(ines)
    invite(ines, campaign)
    entry = AuditEntry.objects.filter(verb="invite").latest("pk")
    with pytest.raises(CannotUndo, match="Mails"):
        undo(actor=ines, entry=entry, now=NOW)
    assert campaign.people.filter(state=InviteState.INVITED).count() == 2


def test_without_a_mail_server_links_are_handed_over(settings: LazySettings, ines: User) -> None:
    settings.FIXED_NOW = NOW
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    campaign = begun(ines)
    client = browser(ines)
    client.post(f"/discovery/campaigns/{campaign.pk}/invitations/", {"minutes": 45, "interviewer": ines.pk})
    page = client.get(f"/discovery/campaigns/{campaign.pk}/").content.decode()
    assert page.count("/discovery/hearing/") >= 2
    assert "/discovery/hearing/" not in client.get(f"/discovery/campaigns/{campaign.pk}/").content.decode()
    assert not Message.objects.exists()


def test_a_handed_link_replaces_the_one_before(mail: Server, ines: User) -> None:
    campaign = begun(ines)
    invite(ines, campaign)
    row = rows_of(campaign)[0]
    old = link_in(mail.to("karim@example.org")[0])
    address, _entry = invitations.hand_link(actor=ines, row=row, now=NOW)
    assert browser().get(old).status_code == 404
    assert browser().get(address).status_code == 200


def test_a_second_answer_replaces_the_first_under_the_same_name(mail: Server, ines: User) -> None:
    campaign = begun(ines)
    invite(ines, campaign)
    row = rows_of(campaign)[0]
    answers.choose_moment(actor=None, row=row, moment=MOMENTS[0], now=NOW)
    answers.propose_another(actor=None, row=row, words="later", now=NOW)
    later = next(one for one in free_moments(ToHear.objects.get(pk=row.pk), NOW) if one != MOMENTS[0])
    answers.choose_moment(actor=None, row=row, moment=later, now=NOW + dt.timedelta(minutes=1))
    (talk,) = Interview.objects.filter(state=InterviewState.PLANNED)
    assert (talk.starts_at, talk.sequence) == (later, 1)
    assert not Interview.objects.filter(state=InterviewState.CANCELLED).exists()


def test_whoever_was_written_to_meanwhile_is_not_written_to_again(ines: User) -> None:
    campaign = begun(ines)
    stale = rows_of(campaign)
    invitation = Invitation(offered=MOMENTS)
    invitations.invite_people(
        actor=ines, campaign=campaign, rows=rows_of(campaign), invitation=invitation, now=NOW
    )
    letters = Message.objects.count()
    with pytest.raises(invitations.NobodyToInvite):
        invitations.invite_people(actor=ines, campaign=campaign, rows=stale, invitation=invitation, now=NOW)
    with pytest.raises(invitations.NobodyToInvite):
        invitations.hand_link(actor=ines, row=stale[0], now=NOW)
    dates = [(row, NOW + dt.timedelta(days=3)) for row in stale]
    with pytest.raises(invitations.NobodyToInvite):
        invitations.set_dates(
            actor=ines, campaign=campaign, dates=dates, meeting=Meeting(None, 45, "", ines), now=NOW
        )
    assert Message.objects.count() == letters
    assert not Interview.objects.exists()
