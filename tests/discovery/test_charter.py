"""The charter: written from an example, published, replaced by its next version, shared by a link that ends."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests import world
from vertebra.accounts import audit
from vertebra.accounts.actions.shared_links import LinkTooLong, revoke_link, share_page
from vertebra.accounts.audit import NothingChanges
from vertebra.accounts.models import AuditEntry, SearchEntry, SharedLink, User
from vertebra.discovery.actions import charters as actions
from vertebra.discovery.models import Charter
from vertebra.discovery.queries.charters import LINK_PAGE, ONE_PAGE, differences, holding, owes_what_changed
from vertebra.discovery.shipped.charters import LANGUAGES, PARTS, example

pytestmark = pytest.mark.django_db


OWN = {"who_we_are": "Inès, alone for now", "how_to_ask": "One line in Vertebra"}


def draft(actor: User, language: str = "en") -> Charter:
    entry = actions.start_charter(actor=actor, language=language, now=world.NOW)
    return Charter.objects.get(pk=entry.object_id or 0)


def published(actor: User, language: str = "en", days: int = 0, **words: str) -> Charter:
    charter, now = draft(actor, language), world.NOW + dt.timedelta(days=days)
    actions.write_charter(actor=actor, charter=charter, words={**OWN, **words}, now=now)
    actions.publish_charter(actor=actor, charter=charter, now=now)
    charter.refresh_from_db()
    return charter


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_draft_is_an_example_that_fits_one_page(language: str) -> None:
    charter = draft(world.ines(), language)
    assert {part: getattr(charter, part) for part in PARTS} == example(language)
    assert all(example(language).values())
    assert sum(map(len, example(language).values())) < ONE_PAGE / 1.5


def test_the_example_itself_is_not_published() -> None:
    ines = world.ines()
    charter = draft(ines)
    with pytest.raises(actions.StillAnExample):
        actions.publish_charter(actor=ines, charter=charter, now=world.NOW)
    actions.write_charter(actor=ines, charter=charter, words={**OWN, "how_to_ask": " "}, now=world.NOW)
    with pytest.raises(actions.NothingWritten):
        actions.publish_charter(actor=ines, charter=charter, now=world.NOW)


def test_a_published_version_stays_and_the_next_begins_with_its_words() -> None:
    ines = world.ines()
    first = published(ines)
    with pytest.raises(actions.AlreadyPublished):
        actions.write_charter(actor=ines, charter=first, words={"how_to_ask": "Shout"}, now=world.NOW)
    second = draft(ines)
    assert (second.number, second.who_we_are) == (2, first.who_we_are)
    with pytest.raises(NothingChanges):
        actions.start_charter(actor=ines, language="en", now=world.NOW)
    assert holding("en") == first


def test_each_language_has_its_own_and_readers_get_theirs_or_the_other() -> None:
    ines = world.ines()
    english = published(ines)
    assert holding("fr") == english
    french = published(ines, "fr")
    assert (holding("fr"), holding("en")) == (french, english)


def test_search_finds_the_version_that_holds_and_forgets_the_one_before() -> None:
    ines = world.ines()
    published(ines)
    second = published(ines, days=1, what_we_do="We listen")
    assert list(SearchEntry.objects.filter(kind="charter").values_list("object_id", flat=True)) == [second.pk]


def test_undoing_a_publication_gives_the_draft_back() -> None:
    ines = world.ines()
    charter = published(ines)
    entry = AuditEntry.objects.filter(verb="publish").get()
    audit.undo(actor=ines, entry=entry, now=world.NOW)
    charter.refresh_from_db()
    assert charter.published_at is None
    assert holding("en") is None


def test_what_differs_is_told_line_by_line_in_each_part() -> None:
    ines = world.ines()
    old = published(ines, how_to_ask="One line\nOn Tuesdays")
    new = published(ines, days=1, how_to_ask="One line\nOn Fridays")
    told = {str(part.title): part for part in differences(old, new)}
    assert told["Who we are"].is_same
    assert told["How to ask us"].lines == [("same", "One line"), ("out", "On Tuesdays"), ("in", "On Fridays")]


def test_a_draft_put_away_can_be_had_back() -> None:
    ines = world.ines()
    charter = draft(ines)
    entry = actions.discard_charter(actor=ines, charter=charter, now=world.NOW)
    assert not Charter.objects.exists()
    audit.undo(actor=ines, entry=entry, now=world.NOW)
    assert Charter.objects.get().pk == charter.pk


def test_nobody_but_product_ops_sees_or_writes_a_draft() -> None:
    ines, lea, ada = world.ines(), world.lea(), world.ada()
    charter = draft(ines)
    url = reverse("discovery:charter-version", args=(charter.pk,))
    assert signed_in(ines).get(url).status_code == 200
    for user in (lea, ada):
        assert signed_in(user).get(url).status_code == 404
        assert signed_in(user).post(reverse("discovery:charter-create")).status_code == 403


def test_everybody_reads_the_charter_that_holds() -> None:
    charter = published(world.ines(), what_we_do="We listen to <b>all</b>")
    page = signed_in(world.lea()).get(reverse("discovery:charter-show")).content.decode()
    assert "We listen to" in page
    assert "<b>all</b>" not in page
    assert charter.what_we_do == "We listen to <b>all</b>"


def test_a_part_is_written_in_place_and_a_change_made_meanwhile_is_not_lost() -> None:
    ines = world.ines()
    charter = draft(ines)
    client, url = signed_in(ines), reverse("discovery:charter-edit", args=(charter.pk,))
    shown = charter.how_to_ask
    client.post(url, {"how_to_ask": "First", "initial-how_to_ask": shown})
    charter.refresh_from_db()
    assert charter.how_to_ask == "First"
    assert charter.what_we_do == example("en")["what_we_do"]
    answer = client.post(url, {"how_to_ask": "Second", "initial-how_to_ask": shown})
    assert answer.status_code == 422
    assert "Second" in answer.content.decode()
    charter.refresh_from_db()
    assert charter.how_to_ask == "First"


def shared(actor: User, *, days: int = 30) -> str:
    return share_page(actor=actor, page=LINK_PAGE, name="Partners", days=days, now=world.NOW)[1]


def test_a_link_opens_the_charter_without_an_account_until_it_is_revoked() -> None:
    ines = world.ines()
    published(ines, what_we_do="We listen")
    token = shared(ines)
    url = reverse("discovery:charter-by-link", args=(token,))
    answer = Client().get(url)
    assert (answer.status_code, b"We listen" in answer.content) == (200, True)
    assert "no-store" in answer["Cache-Control"]
    revoke_link(actor=ines, link=SharedLink.objects.get(), now=world.NOW)
    assert Client().get(url).status_code == 410
    assert Client().get(reverse("discovery:charter-by-link", args=("0" * 64,))).status_code == 404
    assert token not in str(SharedLink.objects.values().get())


def test_a_whole_company_reads_the_charter_from_one_address_and_guesses_are_slowed_down() -> None:
    cache.clear()
    ines = world.ines()
    published(ines, what_we_do="We listen")
    token = shared(ines)
    visitor = Client()
    for known, last in ((token, 200), ("0" * 64, 429)):
        url = reverse("discovery:charter-by-link", args=(known,))
        assert [visitor.get(url).status_code for _visit in range(12)][-1] == last


def test_a_link_ends_within_a_year() -> None:
    with pytest.raises(LinkTooLong):
        shared(world.ines(), days=366)


def test_an_audit_published_after_the_charter_asks_what_changed() -> None:
    from vertebra.discovery.models import Audit

    ines = world.ines()
    published(ines)
    assert owes_what_changed() is None
    later = world.NOW + dt.timedelta(days=9)
    audit_row = Audit.objects.create(
        title="First audit", language="en", number=1, state="published", created_at=later,
        changed_at=later, frozen_at=later, published_at=later,
    )  # fmt: skip
    assert owes_what_changed() == audit_row
    published(ines, days=10, what_changed="We answer on Fridays")
    assert owes_what_changed() is None


def test_the_page_takes_few_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    ines = world.ines()
    for day in range(6):
        published(ines, days=day, what_we_do=f"Version of day {day}")
    client = signed_in(ines)
    with django_assert_max_num_queries(12):
        client.get(reverse("discovery:charter-show"))
