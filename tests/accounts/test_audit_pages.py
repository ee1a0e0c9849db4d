"""The audit on screen: who changed what, in words, open to those it concerns, and taken back by those who may."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from tests import world
from vertebra.accounts import audit
from vertebra.accounts.labels import AUDIT_VERBS, Role
from vertebra.accounts.models import AuditEntry, AuditRow, User
from vertebra.accounts.queries import feed, verb_words
from vertebra.org.models import Market, Person

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def url(name: str, *args: object) -> str:
    return reverse(f"accounts:{name}", args=args)


def renamed(actor: User | None, name: str = "Deutschland", at: dt.datetime = world.NOW) -> AuditEntry:
    market, _ = Market.objects.get_or_create(code="de", defaults={"name": "Germany", "created_at": world.NOW})
    tracker = audit.Tracker()
    tracker.change(market, name=name)
    return audit.record(
        actor=actor,
        verb="change",
        kind="market",
        object_id=market.pk,
        object_name=name,
        now=at,
        rows=tracker.changes,
    )


def test_the_audit_is_for_product_ops_and_administrators(client: Client) -> None:
    renamed(None)
    for user, status in ((world.lea(), 403), (world.karim(), 403), (world.ines(), 200), (world.ada(), 200)):
        client.force_login(user)
        assert client.get(url("audit-list")).status_code == status


def test_it_filters_by_person_verb_kind_and_day(client: Client) -> None:
    karim, ines = world.karim(), world.ines()
    renamed(karim, "One"), renamed(ines, "Two", world.NOW - 3 * DAY)
    client.force_login(ines)

    def found(**filters: str) -> set[str]:
        return {row.object_name for row in client.get(url("audit-list"), filters).context["listing"].rows}

    assert found(who="karim") == {"One"}
    assert found(verb="change") == {"One", "Two"}
    assert found(verb="import") == set()
    assert found(kind="market", until=(world.TODAY - DAY).isoformat()) == {"Two"}
    assert found(since=world.TODAY.isoformat()) == {"One"}
    assert found(q="two") == {"Two"}
    assert found(since="yesterday-ish") == {"One", "Two"}
    table = client.get(url("audit-list"), {"format": "csv"})
    assert b"One" in b"".join(table.streaming_content)  # type: ignore[attr-defined]


def test_a_long_audit_takes_few_queries(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ines = world.ines()
    for n in range(120):
        renamed(ines, f"Name {n}")
    client.force_login(ines)
    with django_assert_max_num_queries(12):
        page = client.get(url("audit-list"))
    assert len(page.content) < 150_000
    second = client.get(page.context["listing"].next_url)
    assert not {r.pk for r in page.context["listing"].rows} & {r.pk for r in second.context["listing"].rows}


def test_an_entry_shows_what_was_before_and_after_with_names(client: Client) -> None:
    boss, person = (
        Person.objects.create(name=n, name_folded=n, created_at=world.NOW) for n in ("Mona", "Paul")
    )
    tracker = audit.Tracker()
    tracker.change(person, manager=boss, title="Designer")
    entry = audit.record(
        actor=None, verb="change", kind="person", object_id=person.pk, now=world.NOW, rows=tracker.changes
    )
    client.force_login(world.ines())
    page = client.get(url("entry-page", entry.pk))
    told = {change.after for change in page.context["changes"]}
    assert told == {"Mona", "Designer"}
    assert not page.context["why_not"]


def test_an_entry_is_open_to_who_did_it_and_to_no_other_reader(client: Client) -> None:
    karim = world.karim()
    entry = renamed(karim)
    client.force_login(karim)
    assert client.get(url("entry-page", entry.pk)).status_code == 200
    client.force_login(world.lea())
    assert client.get(url("entry-page", entry.pk)).status_code == 404


def test_a_stranger_undoes_nothing(client: Client) -> None:
    entry = renamed(world.ines())
    for user in (world.lea(), world.karim()):
        client.force_login(user)
        assert client.post(url("entry-undo", entry.pk)).status_code == 404
    assert Client().post(url("entry-undo", entry.pk)).status_code == 302
    assert Market.objects.get().name == "Deutschland"


def test_who_did_it_takes_it_back_and_can_put_it_again(client: Client) -> None:
    karim = world.karim()
    entry = renamed(karim)
    client.force_login(karim)
    response = client.post(url("entry-undo", entry.pk), headers={"referer": "http://testserver/account/?a=1"})
    assert response["Location"] == "/account/?a=1"
    assert Market.objects.get().name == "Germany"
    client.post(url("entry-undo", AuditEntry.objects.get(verb="undo").pk))
    assert Market.objects.get().name == "Deutschland"


def test_product_ops_takes_back_what_others_did(client: Client) -> None:
    entry = renamed(world.karim())
    client.force_login(world.ines())
    client.post(url("entry-undo", entry.pk))
    assert Market.objects.get().name == "Germany"


def test_who_lost_the_right_takes_nothing_back(client: Client) -> None:
    karim = world.karim()
    entry = renamed(karim)
    User.objects.filter(pk=karim.pk).update(role=Role.READER)
    karim.refresh_from_db()
    client.force_login(karim)
    assert client.post(url("entry-undo", entry.pk)).status_code == 404


def test_undo_leads_nowhere_else(client: Client) -> None:
    karim = world.karim()
    entry = renamed(karim)
    client.force_login(karim)
    response = client.post(
        url("entry-undo", entry.pk),
        {"next": "https://evil.example/"},
        headers={"referer": "https://evil.example/"},
    )
    assert response["Location"] == url("entry-page", entry.pk)


def test_what_cannot_be_undone_says_why(client: Client) -> None:
    ines = world.ines()
    old, first = renamed(ines, at=world.NOW - 2 * DAY), renamed(ines, "Allemagne")
    renamed(world.karim(), "Germania")
    client.force_login(ines)
    for entry in (old, first):
        page = client.get(url("entry-page", entry.pk))
        assert page.context["why_not"]
        client.post(url("entry-undo", entry.pk))
    assert "Karim Diallo" in client.get(url("entry-page", first.pk)).context["why_not"]
    assert Market.objects.get().name == "Germania"


def test_opening_an_entry_undoes_nothing(client: Client) -> None:
    entry = renamed(None)
    client.force_login(world.ines())
    assert client.get(url("entry-undo", entry.pk)).status_code == 405


def test_a_form_of_another_site_undoes_nothing() -> None:
    ines = world.ines()
    entry = renamed(ines)
    client = Client(enforce_csrf_checks=True)
    client.force_login(ines)
    assert client.post(url("entry-undo", entry.pk)).status_code == 403


def test_the_feed_of_an_object_tells_changes_in_words() -> None:
    ines = world.ines()
    entry = renamed(ines)
    item = feed("market", entry.object_id or 0, user=ines, now=world.NOW)[0]
    assert (item.who, item.verb) == ("Ines Barbier", str(AUDIT_VERBS["change"]))
    assert [(c.before, c.after) for c in item.changes] == [("Germany", "Deutschland")]
    assert item.can_be_undone
    assert not feed("market", entry.object_id or 0, user=world.lea(), now=world.NOW)[0].can_be_undone


def test_the_feed_tells_what_the_action_told() -> None:
    audit.record(
        actor=None,
        verb="move",
        kind="unit",
        object_id=7,
        now=world.NOW,
        particulars={"on": "2026-11-01", "changes": {"name": ["Cash", "Billing"], "nonsense": [1, 2]}},
    )
    item = feed("unit", 7)[0]
    assert [(c.before, c.after) for c in item.changes] == [("Cash", "Billing")]
    assert "2026" in item.detail


def test_an_import_is_in_the_history_of_each_object_it_touched() -> None:
    market = Market.objects.create(name="Germany", created_at=world.NOW)
    rows = [audit.RowChange("org.market", market.pk, "created")]  # type: ignore[arg-type]
    audit.record(actor=None, verb="import", kind="import", object_id=1, now=world.NOW, rows=rows)
    assert [item.entry.verb for item in feed("market", market.pk)] == ["import"]
    assert feed("market", market.pk + 1) == []


def test_following_is_not_history() -> None:
    audit.record(actor=None, verb="watch", kind="market", object_id=1, now=world.NOW)
    assert feed("market", 1) == []


def test_no_secret_reaches_the_audit(client: Client) -> None:
    ada = world.ada()
    ada.set_password(world.PASSWORD)
    ada.save()
    client.post("/accounts/login/", {"login": ada.email, "password": world.PASSWORD})
    client.post("/account/", {"name": "Ada", "language": "fr", "theme": "dark"})
    held = str([*AuditRow.objects.values(), *AuditEntry.objects.values()])
    assert "argon2" not in held
    assert world.PASSWORD not in held


def test_the_same_verb_says_of_a_table_what_it_means_there() -> None:
    assert verb_words("start", "cycle") == "opened the ranking of"
    assert verb_words("start", "empty_space") == "started filling"
    with override("fr"):
        assert verb_words("start", "cycle") == "a ouvert le classement de"
