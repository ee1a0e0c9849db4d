"""The page “whom do I tell?”: pasted text in, names and reasons out, one message, and nothing kept before that."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import world
from tests.org.company import area, person
from tests.releases.made import champion
from tests.releases.test_telling import _known
from tests.roadmap.undertaken import browser
from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import AuditEntry, Message, User
from vertebra.org.models import Area, EmptySpace, Mandate, Person
from vertebra.releases.actions.telling import MOST, send_heads_up
from vertebra.releases.models import HeadsUp, HeadsUpTo

pytestmark = pytest.mark.django_db
PAGE = "/releases/whom-to-tell/"
TEXT = "Un bateau prend l’eau depuis hier."


@pytest.fixture
def lea() -> User:
    return world.lea()


@pytest.fixture
def client(lea: User) -> Client:
    return browser(lea)


@pytest.fixture
def boats() -> Person:
    place = _known(area("Bateaux"), "Bateaux")
    found = champion("Bo Chen", "sales", area=place, email="bo@example.org")
    Mandate.objects.update(hours_per_month=1)
    return found


def _page(client: Client, **sent: object) -> str:
    answer = client.post(PAGE, {"text": TEXT, "look": "1", **sent})
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_reader_finds_who_and_why_and_nothing_is_kept(client: Client, boats: Person) -> None:
    entries = AuditEntry.objects.count()
    shown = _page(client)
    assert "Bo Chen" in shown
    assert "answers for Bateaux" in shown
    assert (HeadsUp.objects.count(), AuditEntry.objects.count()) == (0, entries)


def test_a_text_in_the_address_is_not_read(client: Client, boats: Person) -> None:
    for name in ("q", "text"):
        shown = client.get(PAGE, {name: "bateaux"}).content.decode()
        assert "Bo Chen" not in shown and "bateaux</textarea>" not in shown


def test_how_much_time_was_asked_is_for_product_ops_only(client: Client, boats: Person) -> None:
    assert "time left" not in _page(client)
    assert "has time left" in _page(browser(world.ines()))


def test_those_who_are_ticked_are_told_once_with_the_reasons(
    client: Client, lea: User, boats: Person
) -> None:
    sent = {
        "text": TEXT,
        "send": "1",
        "words": "It leaks.",
        "web_address": "https://example.org/t",
        "people": [boats.pk],
    }
    answer = client.post(PAGE, sent)
    assert answer.status_code == 302
    made = HeadsUp.objects.get()
    assert (made.words, made.made_by) == ("It leaks.", lea)
    assert HeadsUpTo.objects.get().reasons[0] == "area"
    message = Message.objects.get(template="heads_up")
    assert (message.to_email, message.address) == ("bo@example.org", "https://example.org/t")


def test_whom_no_message_reaches_is_said_before_and_is_not_counted_as_told(
    client: Client, boats: Person
) -> None:
    mute = champion("Mo Hart", "support", area=Area.objects.get())
    shown = _page(client)
    assert shown.count("no message reaches them") == 1
    assert f'value="{mute.pk}" id="tell-{mute.pk}" aria-label="Tell Mo Hart">' in shown, "not ticked"
    sent = {"text": TEXT, "send": "1", "words": "It leaks."}
    done = client.post(PAGE, {**sent, "people": [boats.pk, mute.pk]}, follow=True).content.decode()
    assert "1 person is told." in done and "No message reaches Mo Hart: tell them yourself." in done
    assert [one.person for one in HeadsUpTo.objects.all()] == [boats], "nor are minutes counted for them"
    assert AuditEntry.objects.get(verb="share").particulars == {"count": 1}
    refused = client.post(PAGE, {**sent, "people": [mute.pk]})
    assert refused.status_code == 422 and "No message reaches any of them" in refused.content.decode()
    assert HeadsUp.objects.count() == 1


def test_a_closed_account_is_no_way_to_tell_somebody(lea: User, boats: Person) -> None:
    account = world.ada()
    closed = person("Cara Lost", user=account)
    User.objects.filter(pk=account.pk).update(is_active=False)
    people = {closed.pk: ["area"], boats.pk: ["area"]}
    _entry, told, missed = send_heads_up(
        actor=lea, words="It leaks.", people=people, language="en", now=world.NOW
    )
    assert ([one.pk for one in told], [one.pk for one in missed]) == ([boats.pk], [closed.pk])
    assert Message.objects.get().to_email == "bo@example.org"


def test_nobody_else_than_who_was_proposed_is_told(client: Client, boats: Person) -> None:
    other = person("Cy Roux", email="cy@example.org")
    sent = {"text": TEXT, "send": "1", "words": "It leaks."}
    assert client.post(PAGE, {**sent, "people": [other.pk]}).status_code == 422
    assert client.post(PAGE, sent).status_code == 422
    assert (
        client.post(PAGE, {**sent, "people": [boats.pk], "web_address": "javascript:alert(1)"}).status_code
        == 422
    )
    assert Message.objects.filter(template="heads_up").count() == 0


def test_what_nobody_answers_for_and_what_is_not_known_are_said(client: Client) -> None:
    _known(area("Bateaux"), "Bateaux")
    assert "No champion answers for Bateaux." in _page(client)
    assert "names no area" in _page(client, text="Bonjour")


def test_when_nobody_is_known_for_it_product_ops_all_champions_and_names_are_offered(
    client: Client, lea: User, boats: Person
) -> None:
    ops = person("Ines Lund", user=world.ines(), email="ines@example.org")
    stranger = person("Cy Roux", email="cy@example.org")
    shown = _page(client, text="Bonjour, la porte grince.")
    assert "Ines Lund" in shown
    assert "Bo Chen" in shown
    assert 'href="/search/"' in shown and "?sentence=" not in shown, "the text stands in no address"
    begun = "Nobody is known for: Bonjour, la porte grince."
    assert f'form="report-nobody" name="begin" value="{begun}"' in shown
    report = client.post(reverse("org:empty-space-report"), {"begin": begun})
    assert report.status_code == 200 and begun in report.content.decode()
    assert not EmptySpace.objects.exists(), "begun, not reported"
    added = _page(client, text="Bonjour, la porte grince.", add="1", somebody=f"Cy Roux #{stranger.pk}")
    assert f'name="also" value="{stranger.pk}"' in added
    sent = {"text": "La porte grince.", "send": "1", "words": "It creaks.", "also": stranger.pk}
    assert client.post(PAGE, {**sent, "people": [ops.pk, stranger.pk]}).status_code == 302
    assert set(HeadsUpTo.objects.values_list("person__name", flat=True)) == {"Ines Lund", "Cy Roux"}


def test_only_champions_of_the_trades_asked_for_are_offered(client: Client, boats: Person) -> None:
    champion("Di Moreau", "support", area=area("Quais"))
    shown = _page(client, text="Bonjour, la porte grince.", functions=["support"])
    assert "Di Moreau" in shown
    assert "Bo Chen" not in shown


def test_a_name_that_is_nobodys_is_said_and_nothing_leaves(client: Client, boats: Person) -> None:
    sent = {"text": TEXT, "send": "1", "words": "It leaks.", "people": [boats.pk], "somebody": "Nobody Atall"}
    answer = client.post(PAGE, sent)
    assert answer.status_code == 422
    assert "Nobody in the directory is called" in answer.content.decode()
    assert HeadsUp.objects.count() == 0


def test_script_in_a_pasted_text_stays_text(client: Client, boats: Person) -> None:
    assert "<script>alert" not in _page(client, text="<script>alert('bateau')</script>")


def test_a_heads_up_goes_to_a_few(lea: User) -> None:
    people = {person(f"P {number}").pk: ["area"] for number in range(MOST + 1)}
    for told, words in ((people, "It leaks."), ({}, "It leaks."), (dict(list(people.items())[:1]), " ")):
        with pytest.raises(Refusal):
            send_heads_up(actor=lea, words=words, people=told, language="en", now=world.NOW)
    assert HeadsUp.objects.count() == 0
