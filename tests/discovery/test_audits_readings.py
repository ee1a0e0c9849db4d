"""Those heard read the draft by a signed link; the authors see counts, and words without names."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests import world
from tests.discovery.audited import Heard, audited, heard
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, AuditRow, Link
from vertebra.accounts.outbox import deliver
from vertebra.accounts.tokens import digest_of
from vertebra.discovery.actions import audit_publishing as publishing
from vertebra.discovery.actions import audit_readings as actions
from vertebra.discovery.actions.audit_answering import take_opinion
from vertebra.discovery.models import (
    Audit,
    AuditItem,
    AuditOpinion,
    AuditReading,
    Evidence,
    PainPoint,
)
from vertebra.discovery.queries.audit_document import reading_counts
from vertebra.discovery.queries.audit_readings import said_missing
from vertebra.evidence.asks import note_asks
from vertebra.evidence.models import Ask
from vertebra.kit import clock
from vertebra.org.models import Person

pytestmark = pytest.mark.django_db
UNTIL = world.TODAY + dt.timedelta(days=10)


@pytest.fixture
def found() -> Heard:
    cache.clear()
    return heard()


@pytest.fixture
def audit(found: Heard) -> Audit:
    made = audited(found)
    actions.invite_readers(actor=found.ines, audit=made, until=UNTIL, now=world.NOW)
    made.refresh_from_db()
    return made


def links() -> dict[str, str]:
    """The address that each person got by mail."""
    deliver(clock.machine())
    found = {}
    for message in mail.outbox:
        if address := re.search(r"http\S+(/discovery/drafts/\w+/)", str(message.body)):
            found[message.to[0]] = address[1]
    return found


def test_all_those_heard_get_a_link_by_mail_once(found: Heard, audit: Audit) -> None:
    assert len(links()) == 20
    assert Ask.objects.filter(kind=Kind.AUDIT, object_id=audit.pk).count() == 20
    actions.invite_readers(actor=found.ines, audit=audit, until=UNTIL, now=world.NOW)
    assert len(mail.outbox) == len({message.to[0] for message in mail.outbox}) == 20


def test_whoever_was_asked_twice_this_week_waits(found: Heard) -> None:
    made = audited(found)
    busy = found.people[0].pk
    for number in (1, 2):
        note_asks([busy], Kind.SURVEY, number, world.NOW)
    actions.invite_readers(actor=found.ines, audit=made, until=UNTIL, now=world.NOW)
    assert AuditReading.objects.get(audit=made, person=busy).invited_at is None
    made.refresh_from_db()
    later = world.NOW + dt.timedelta(days=8)
    actions.send_readings(actor=None, audit=made, now=later)
    assert AuditReading.objects.get(audit=made, person=busy).invited_at == later


def test_opening_the_link_changes_nothing_and_two_taps_answer(audit: Audit) -> None:
    address = links()["p03@example.org"]
    nobody = Client()
    before = list(AuditReading.objects.order_by("pk").values())
    for _scan in range(3):
        page = nobody.get(address)
        assert page.status_code == 200
    assert list(AuditReading.objects.order_by("pk").values()) == before
    assert "Personne 0" not in page.content.decode()
    assert page["Referrer-Policy"] == "same-origin"
    assert "no-store" in page["Cache-Control"]
    assert nobody.post(address, {"verdict": "thats_it"}).status_code == 302
    assert AuditReading.objects.get(has_answered=True).person.email == "p03@example.org"
    assert AuditOpinion.objects.get().verdict == "thats_it"
    nobody.post(address, {"verdict": "missing", "comment": "Les horaires"})
    opinion = AuditOpinion.objects.get()
    assert (opinion.verdict, opinion.comment) == ("missing", "Les horaires"), "the later answer holds"
    assert nobody.post(address, {"verdict": "nonsense"}).status_code == 422


def test_a_link_that_is_cut_or_over_says_so_kindly(found: Heard, audit: Audit) -> None:
    address = links()["p03@example.org"]
    assert Client().get("/discovery/drafts/" + "0" * 64 + "/").status_code == 404
    publishing.freeze_audit(actor=found.ines, audit=audit, now=world.NOW)
    assert Client().get(address).status_code == 410
    assert Client().post(address, {"verdict": "thats_it"}).status_code == 410
    assert not AuditOpinion.objects.exists()


def press_freeze(found: Heard, audit: Audit, **said: str) -> str:
    """Where pressing “Freeze” leads, and what stands there."""
    client = Client()
    found.ines.language = "en"
    found.ines.save()
    client.force_login(found.ines, "allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post(reverse("discovery:audit-freeze", args=(audit.pk,)), said, follow=True)
    return " ".join(answer.content.decode().split())


def test_freezing_what_is_still_read_is_asked_first_with_how_many_would_lose_their_say(
    found: Heard, audit: Audit
) -> None:
    answer(audit, 8, "thats_it")
    page = press_freeze(found, audit)
    audit.refresh_from_db()
    assert audit.frozen_at is None
    assert "At least 10 of the 20 people asked to read have not answered yet" in page, (
        "12 of 20, in steps of five"
    )
    assert 'name="anyway"' in page
    press_freeze(found, audit, anyway="1")
    audit.refresh_from_db()
    assert audit.frozen_at


def test_too_few_answers_are_not_counted_out_by_the_question(found: Heard, audit: Audit) -> None:
    answer(audit, 3, "thats_it")
    page = press_freeze(found, audit)
    assert "Of the 20 people asked to read, some have not answered yet" in page
    assert "At least" not in page


def test_once_all_have_answered_or_the_time_is_over_freezing_asks_nothing(found: Heard, audit: Audit) -> None:
    answer(audit, 20, "thats_it")
    press_freeze(found, audit)
    audit.refresh_from_db()
    assert audit.frozen_at
    late = audited(found)
    actions.invite_readers(actor=found.ines, audit=late, until=UNTIL, now=world.NOW)
    Audit.objects.filter(pk=late.pk).update(reading_until=world.TODAY - dt.timedelta(days=1))
    press_freeze(found, late)
    late.refresh_from_db()
    assert late.frozen_at


def answer(audit: Audit, count: int, verdict: str, start: int = 0) -> None:
    for reading in list(audit.readings.order_by("pk"))[start : start + count]:
        token = f"the link of {reading.pk}"
        AuditReading.objects.filter(pk=reading.pk).update(digest=digest_of(token))
        take_opinion(token=token, verdict=verdict, comment=f"Mot {reading.pk}", now=world.NOW)


def test_authors_see_counts_only_where_nobody_is_told_by_them(audit: Audit) -> None:
    answer(audit, 12, "thats_it")
    counts = reading_counts(audit)
    assert (counts["thats_it"], counts["missing"], counts["silent"]) == (10, 0, 5), (
        "in steps, while it is read"
    )
    answer(audit, 1, "missing", start=12)
    counts = reading_counts(audit)
    assert counts["missing"] is None
    assert counts["silent"] is None, "else one could work the other out"
    assert counts["thats_it"] == 10
    audit.state = "frozen"
    assert reading_counts(audit)["thats_it"] == 12


def test_words_come_without_names_and_answers_leave_no_trace_of_who(found: Heard, audit: Audit) -> None:
    answer(audit, 6, "missing")
    said = said_missing(audit)
    assert [row.comment for row in said] == sorted(row.comment for row in said), "in no order of time"
    client = Client()
    client.force_login(found.ines, "allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("discovery:audit-readings", args=(audit.pk,))).content.decode()
    assert said[0].comment in page
    assert "Personne 0" not in page
    assert not AuditEntry.objects.filter(verb="answer").exists()
    columns = {field.name for field in AuditOpinion._meta.concrete_fields}
    assert columns == {"id", "audit", "key", "verdict", "comment", "turned_into"}
    digests = set(AuditReading.objects.values_list("digest", flat=True))
    assert not digests & set(AuditOpinion.objects.values_list("key", flat=True))


def test_no_word_is_read_while_fewer_than_five_have_answered(audit: Audit) -> None:
    answer(audit, 3, "missing")
    answer(audit, 1, "thats_it", start=3)
    assert said_missing(audit) == []
    answer(audit, 1, "thats_it", start=4)
    assert len(said_missing(audit)) == 3


def test_the_words_of_a_reader_are_copied_nowhere_else(found: Heard, audit: Audit) -> None:
    answer(audit, 6, "missing")
    first, second = said_missing(audit)[:2]
    actions.add_missing(actor=found.ines, opinion=first, title="Les horaires", now=world.NOW)
    actions.add_missing(actor=found.ines, opinion=second, pain_point=found.pains[0], now=world.NOW)
    kept = [
        list(model.objects.values()) for model in (Evidence, Link, AuditEntry, AuditRow, PainPoint, AuditItem)
    ]
    assert "Mot" not in str(kept)


def test_nothing_is_shown_while_fewer_than_five_were_asked(found: Heard) -> None:
    made = audited(found)
    AuditReading.objects.bulk_create(
        [AuditReading(audit=made, person=one, invited_at=world.NOW) for one in found.people[:4]]
    )
    made.reading_until = UNTIL
    made.state = "reading"
    made.save()
    answer(made, 4, "missing")
    assert said_missing(made) == []
    counts = reading_counts(made)
    assert (counts["invited"], counts["missing"], counts["thats_it"]) == (None, None, None)


def test_what_is_missing_becomes_an_item(found: Heard, audit: Audit) -> None:
    answer(audit, 6, "missing")
    first, second = said_missing(audit)[:2]
    item = actions.add_missing(
        actor=found.ines, opinion=first, title="Les horaires changent la veille", now=world.NOW
    )
    assert item.pain_point.evidence.get().kind == Kind.AUDIT
    assert audit.items.order_by("-rank")[0] == item
    with pytest.raises(Refusal):
        actions.add_missing(actor=found.ines, opinion=first, title="Encore", now=world.NOW)
    known = found.pains[0]
    assert actions.add_missing(actor=found.ines, opinion=second, pain_point=known, now=world.NOW).rank == 1
    assert PainPoint.objects.count() == 4


def test_a_link_is_made_by_hand_where_no_mail_reaches(found: Heard, settings: object) -> None:
    made = audited(found)
    person = found.people[0]
    person.email = ""
    person.save()
    actions.invite_readers(actor=found.ines, audit=made, until=UNTIL, now=world.NOW)
    reading = AuditReading.objects.get(audit=made, person=person)
    assert reading.invited_at is None
    client = Client()
    client.force_login(found.ines, "allauth.account.auth_backends.AuthenticationBackend")
    page = client.post(reverse("discovery:audit-reading-link", args=(made.pk, person.pk)))
    address = re.search(r"/discovery/drafts/\w+/", page.content.decode())
    assert address is not None
    assert Client().get(address[0]).status_code == 200


def test_all_links_to_hand_over_are_made_at_once_each_told_once(found: Heard) -> None:
    made = audited(found)
    Person.objects.filter(pk__in=[person.pk for person in found.people[:3]]).update(email="")
    Person.objects.filter(pk=found.people[0].pk).update(name="=1+1")
    actions.invite_readers(actor=found.ines, audit=made, until=UNTIL, now=world.NOW)
    client = Client()
    client.force_login(found.ines, "allauth.account.auth_backends.AuthenticationBackend")
    here = reverse("discovery:audit-reading-handover", args=(made.pk,))
    assert here in client.get(reverse("discovery:audit-readings", args=(made.pk,))).content.decode()
    page = client.post(here)
    addresses = re.findall(r"/discovery/drafts/\w+/", page.content.decode())
    assert len(set(addresses)) == 3
    assert "no-store" in page["Cache-Control"]
    assert [Client().get(address).status_code for address in addresses] == [200, 200, 200]
    assert Ask.objects.filter(kind=Kind.AUDIT, object_id=made.pk).count() == 20, "asking by hand is asking"
    assert client.post(here).status_code == 302, "nobody is left, and no link is shown twice"
    assert [Client().get(address).status_code for address in addresses] == [200, 200, 200]

    AuditReading.objects.filter(person__email="").update(invited_at=None, digest="")
    lines = b"".join(client.post(here, {"form": "csv"})).decode().splitlines()
    assert len(lines) == 4
    assert "http://testserver/discovery/drafts/" in lines[1]
    assert not any(line.startswith("=") for line in lines)


def test_links_are_made_at_once_by_product_ops_alone_and_while_the_draft_is_read(found: Heard) -> None:
    made = audited(found)
    Person.objects.filter(pk=found.people[0].pk).update(email="")
    actions.invite_readers(actor=found.ines, audit=made, until=UNTIL, now=world.NOW)
    here = reverse("discovery:audit-reading-handover", args=(made.pk,))
    for user in (world.lea(), world.ada()):
        client = Client()
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        assert client.post(here).status_code == 403
    with pytest.raises(Refusal):
        late = world.NOW + dt.timedelta(days=11)
        actions.make_reading_links(actor=found.ines, audit=made, now=late)


def test_no_number_on_the_page_tells_which_reading_is_whose(found: Heard) -> None:
    made = audited(found)
    for person in found.people:
        person.email = ""
        person.save()
    actions.invite_readers(actor=found.ines, audit=made, until=UNTIL, now=world.NOW)
    rows = list(AuditReading.objects.filter(audit=made).order_by("pk"))
    assert [row.person_id for row in rows] != sorted(row.person_id for row in rows)
    client = Client()
    client.force_login(found.ines, "allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("discovery:audit-readings", args=(made.pk,))).content.decode()
    links = set(map(int, re.findall(r"/readings/of/(\d+)/link/", page)))
    assert links == {row.person_id for row in rows}
