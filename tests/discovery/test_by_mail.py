"""What is asked again, and the draft of an audit, go out through a real mail server and come back by their links."""

import datetime as dt
import re
from collections.abc import Iterator

import pytest
from django.conf import LazySettings
from django.core.cache import cache

from tests import world
from tests.discovery.audited import audited, heard
from tests.discovery.hurt import heard as said
from tests.discovery.hurt import hurting
from tests.discovery.listening import Server, browser, mail_server, text_of
from tests.org import company
from vertebra.accounts.jobs import deliver_messages
from vertebra.accounts.models import User
from vertebra.discovery.actions.audit_publishing import freeze_audit
from vertebra.discovery.actions.audit_readings import invite_readers
from vertebra.discovery.actions.pain_states import confirm_pain_points, settle_pain_points
from vertebra.discovery.jobs.pain_points import ask_what_it_costs
from vertebra.discovery.labels import Moment, PainState
from vertebra.discovery.models import PainPoint
from vertebra.discovery.queries.audit_document import reading_counts
from vertebra.evidence.jobs import send_due_invitations
from vertebra.evidence.models import Invitation, Response
from vertebra.org.labels import Function

pytestmark = pytest.mark.django_db
NOW = world.NOW
LINK = re.compile(r"https?://[^/\s]+(/(?:evidence/answers|discovery/drafts)/\w+/)")


@pytest.fixture
def mail(settings: LazySettings) -> Iterator[Server]:
    cache.clear()
    settings.FIXED_NOW = NOW
    with mail_server(settings) as server:
        yield server


def delivered(server: Server) -> dict[str, str]:
    """Whom a mail reached since the last time, and the path of the link in it."""
    server.received.clear()
    deliver_messages.call()
    found = {}
    for one in server.received:
        if link := LINK.search(text_of(one)):
            found[str(one["To"])] = link[1]
    return found


def asked(server: Server, settings: LazySettings, now: dt.datetime) -> dict[str, str]:
    """The day's jobs run: what is due is asked, and mails leave."""
    settings.FIXED_NOW = now
    ask_what_it_costs.call()
    send_due_invitations.call()
    return delivered(server)


def answer(links: dict[str, str], cost: int) -> None:
    """Seven of those asked answer through their link, which a mail gateway opens first."""
    for link in list(links.values())[:7]:
        assert browser().get(link).status_code == 200
        assert browser().post(link, {"q-cost": str(cost)}).status_code == 302


def confirmed(ines: User) -> PainPoint:
    team = company.unit("Cash desk")
    people = [company.person(f"S {n}", team, Function.SALES, email=f"s{n}@example.org") for n in range(8)]
    pain = hurting(ines, said(people[0], team, Function.SALES))
    confirm_pain_points(actor=ines, pain_points=[pain], now=NOW)
    pain.refresh_from_db()
    return pain


def test_a_question_is_asked_again_by_mail_and_a_bad_answer_opens_its_pain_point(
    mail: Server, settings: LazySettings
) -> None:
    ines = world.ines()
    pain = confirmed(ines)
    links = asked(mail, settings, NOW)
    assert sorted(links) == [f"s{n}@example.org" for n in range(8)]
    assert asked(mail, settings, NOW) == {}, "nobody gets it twice"
    answer(links, 8)
    assert (Response.objects.count(), Invitation.objects.filter(is_answered=True).count()) == (7, 7)

    read_on = NOW + dt.timedelta(days=16)
    assert asked(mail, settings, read_on) == {}
    before = pain.re_asks.get(moment=Moment.BEFORE)
    assert (before.answered, before.mean) == (7, 8)

    pain.refresh_from_db()
    settle_pain_points(actor=ines, pain_points=[pain], now=read_on)
    answer(asked(mail, settings, read_on), 8)
    asked(mail, settings, read_on + dt.timedelta(days=16))
    pain.refresh_from_db()
    assert pain.state == PainState.CONFIRMED

    six_months = read_on + dt.timedelta(days=182)
    links = asked(mail, settings, six_months)
    assert len(links) == 8
    answer(links, 1)
    asked(mail, settings, six_months + dt.timedelta(days=16))
    assert pain.re_asks.get(moment=Moment.SIX_MONTHS).mean == 1


def test_the_draft_of_an_audit_goes_to_those_heard_and_comes_back(mail: Server) -> None:
    found = heard()
    audit = audited(found)
    invite_readers(actor=found.ines, audit=audit, until=world.TODAY + dt.timedelta(days=10), now=NOW)
    links = delivered(mail)
    assert sorted(links) == [f"p{at:02}@example.org" for at in range(20)]
    assert len(set(links.values())) == 20
    for at, link in enumerate(list(links.values())[:13]):
        assert browser().get(link).status_code == 200
        verdict = {"verdict": "missing", "comment": "Les horaires"} if at < 6 else {"verdict": "thats_it"}
        assert browser().post(link, verdict).status_code == 302
    freeze_audit(actor=found.ines, audit=audit, now=NOW)
    audit.refresh_from_db()
    counts = reading_counts(audit)
    assert (counts["thats_it"], counts["missing"], counts["silent"]) == (7, 6, 7)
    assert delivered(mail) == {}
