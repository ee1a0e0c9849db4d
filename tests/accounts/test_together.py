"""Discussing, following, keeping views and linking: for what is open to me, in words that can do no harm."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests import world
from tests.accounts.conftest import HIDDEN
from vertebra.accounts import audit, together
from vertebra.accounts.actions import comments, thread, views
from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import AuditEntry, Comment, Link, Message, SavedView, User, Watch
from vertebra.accounts.outbox import words_of
from vertebra.kit import markdown
from vertebra.kit.cards import Card
from vertebra.org.models import Market

pytestmark = pytest.mark.django_db


def card(name: str = "Germany") -> Card:
    market = Market.objects.create(name=name, created_at=world.NOW)
    return Card("market", market.pk, name, f"/markets/{market.pk}/")


def url(name: str, *args: object) -> str:
    return reverse(f"accounts:{name}", args=args)


def say(client: Client, about: Card, body: str = "We meet on **Thursday**."):  # type: ignore[no-untyped-def]
    return client.post(url("comment-create", about.kind, about.id), {"body": body})


def test_a_reader_comments_and_everybody_reads_it(client: Client) -> None:
    germany = card()
    client.force_login(world.lea())
    assert say(client, germany)["Location"].startswith("/markets/")
    said = together.discussion(world.karim(), germany.kind, germany.id).comments[0]
    assert said.comment.author_name == "Lea Roux"
    assert "<strong>Thursday</strong>" in said.html
    assert not said.is_mine


@pytest.mark.parametrize("body", ["", "   ", "x" * 10_001])
def test_nothing_said_or_too_much_is_refused(client: Client, body: str) -> None:
    client.force_login(world.lea())
    assert say(client, card(), body).status_code == 302
    assert not Comment.objects.exists()


@pytest.mark.parametrize("kind", ["market", "unit", "nonsense", "user"])
def test_what_is_not_open_to_me_does_not_exist(client: Client, kind: str) -> None:
    hidden = card(HIDDEN)
    client.force_login(world.lea())
    for name in ("comment-create", "watch-create", "watch-end"):
        assert client.post(url(name, kind, hidden.id), {"body": "x"}).status_code == 404
    assert not Comment.objects.exists()
    assert not Watch.objects.exists()


def test_only_its_author_edits_or_withdraws_a_comment(client: Client) -> None:
    germany, lea = card(), world.lea()
    comment, _ = comments.add_comment(actor=lea, card=germany, body="First", now=world.NOW)
    client.force_login(world.ada())
    assert client.post(url("comment-edit", comment.pk), {"body": "Other"}).status_code == 404
    assert client.post(url("comment-withdraw", comment.pk)).status_code == 404
    with pytest.raises(comments.NotYours):
        comments.edit_comment(
            actor=User.objects.get(name="Ada Lind"),
            comment=comment,
            card=germany,
            body="Other",
            now=world.NOW,
        )
    client.force_login(lea)
    client.post(url("comment-edit", comment.pk), {"body": "Better"})
    comment.refresh_from_db()
    assert (comment.body, comment.edited_at) == ("Better", world.NOW)
    client.post(url("comment-withdraw", comment.pk))
    assert together.discussion(lea, germany.kind, germany.id).comments == []


def test_a_withdrawn_comment_comes_back_by_undo() -> None:
    germany, lea = card(), world.lea()
    comment, _ = comments.add_comment(actor=lea, card=germany, body="First", now=world.NOW)
    entry = comments.withdraw_comment(actor=lea, comment=comment, card=germany, now=world.NOW)
    audit.undo(actor=lea, entry=entry, now=world.NOW)
    assert len(together.discussion(lea, germany.kind, germany.id).comments) == 1


def test_a_reader_takes_a_comment_back_from_the_toast(client: Client) -> None:
    client.force_login(world.lea())
    say(client, card())
    client.post(url("entry-undo", AuditEntry.objects.get(verb="comment").pk))
    assert not Comment.objects.exists()


@pytest.mark.parametrize("kind", ["person", "user"])
def test_people_are_neither_discussed_nor_followed(kind: str) -> None:
    lea, somebody = world.lea(), Card(kind, 7, "Karim Diallo", "/somebody/")
    with pytest.raises(comments.NotAboutPeople):
        comments.add_comment(actor=lea, card=somebody, body="Slow to answer.", now=world.NOW)
    with pytest.raises(comments.NotAboutPeople):
        comments.watch_object(actor=lea, card=somebody, now=world.NOW)
    assert not Comment.objects.exists()
    assert not Watch.objects.exists()


def test_followers_are_told_once_a_day_and_not_of_their_own_words() -> None:
    germany, lea, karim, ines = card(), world.lea(), world.karim(), world.ines()
    for user in (lea, karim):
        comments.watch_object(actor=user, card=germany, now=world.NOW)
    for body in ("One", "Two"):
        comments.add_comment(actor=lea, card=germany, body=body, now=world.NOW)
    message = Message.objects.get()
    assert message.to_user == karim
    assert words_of(message).subject
    assert "Germany" in words_of(message).subject
    comments.add_comment(actor=ines, card=germany, body="Next day", now=world.NOW + dt.timedelta(days=1))
    assert Message.objects.filter(to_user=karim).count() == 2


def test_who_may_no_longer_open_it_is_not_told() -> None:
    hidden, karim = card(HIDDEN), world.karim()
    Watch.objects.create(user=karim, kind="market", object_id=hidden.id, since_at=world.NOW)
    comments.add_comment(actor=world.lea(), card=hidden, body="Secret", now=world.NOW)
    assert not Message.objects.exists()


def test_following_twice_is_following_once(client: Client) -> None:
    germany = card()
    lea = world.lea()
    client.force_login(lea)
    for _ in range(2):
        client.post(url("watch-create", germany.kind, germany.id), {"next": "/account/"})
    shared = together.discussion(lea, germany.kind, germany.id)
    assert (shared.is_watching, shared.watcher_count) == (True, 1)
    response = client.post(url("watch-end", germany.kind, germany.id), {"next": "https://evil.example/"})
    assert response["Location"] == germany.url
    assert not together.discussion(lea, germany.kind, germany.id).is_watching


def test_everything_shared_about_an_object_takes_four_queries(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    germany, lea = card(), world.lea()
    market = Market.objects.get()
    for n in range(30):
        comments.add_comment(actor=lea, card=germany, body=f"Word {n}", now=world.NOW)
        tracker = audit.Tracker()
        tracker.change(market, name=f"Name {n}")
        audit.record(
            actor=lea, verb="change", kind="market", object_id=market.pk, now=world.NOW, rows=tracker.changes
        )
    with django_assert_max_num_queries(4):
        shared = together.discussion(lea, germany.kind, germany.id, world.NOW)
    assert len(shared.comments) == 30
    assert shared.history[0].changes[0].after == "Name 29"


ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "<a href='javascript:alert(1)'>x</a>",
    "![x](https://evil.example/pixel.gif)",
    "<svg/onload=alert(1)>",
    "<style>body{display:none}</style>",
    '<iframe src="//evil.example"></iframe>',
    '<div style="position:fixed">x</div>',
    '[x](//evil.example "onclick=alert(1)")',
    "`<script>alert(1)</script>`",
    "<form action=//evil.example><input name=password></form>",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_markdown_carries_no_code_to_the_reader(attack: str) -> None:
    html = markdown.render(attack).lower()
    for harm in (
        "<script",
        "<img",
        "<svg",
        "<style",
        "<iframe",
        "<form",
        "<div",
        'href="javascript',
        'href="data',
        " onerror=",
        " onload=",
        " onclick=",
        " style=",
    ):
        if harm.startswith(" "):
            assert f"<{harm}" not in html and not any(
                harm in tag.split(">")[0] for tag in html.split("<")[1:]
            )
        else:
            assert harm not in html


def test_markdown_shows_what_people_write() -> None:
    html = markdown.render(
        "# Title\n\nA [link](https://example.org) and\na second line\n\n- one\n- two\n\n|a|b|\n|-|-|\n|1|2|"
    )
    for part in (
        "<h3>Title</h3>",
        'href="https://example.org"',
        'rel="noopener noreferrer nofollow"',
        "<br",
        "<li>one</li>",
        "<td>1</td>",
    ):
        assert part in html


@pytest.mark.parametrize(
    "text", ["", "\x00", "*" * 5000, "[" * 3000, "> " * 2000, "\u202egnirts", "👩‍👩‍👧‍👦 مرحبا"]
)
def test_markdown_survives_anything(text: str) -> None:
    assert isinstance(markdown.render(text), str)


def keep(client: Client, **fields: str):  # type: ignore[no-untyped-def]
    start = {"name": "Readers", "url": "/administration/accounts/?role=reader&after=abc"}
    return client.post(url("view-create", "accounts:user-list"), start | fields)


def test_a_list_is_kept_as_it_is_shown_without_the_place_in_it(client: Client) -> None:
    ada = world.ada()
    client.force_login(ada)
    assert keep(client)["Location"] == "/administration/accounts/?role=reader"
    view = together.saved_views(ada, "accounts:user-list")[0]
    assert (view.label, view.url) == ("Readers", "/administration/accounts/?role=reader")
    assert b"Readers" in client.get("/administration/accounts/").content


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/nowhere/at/all/"]
)
def test_a_view_leads_nowhere_else(client: Client, elsewhere: str) -> None:
    client.force_login(world.ada())
    assert keep(client, url=elsewhere).status_code == 404
    assert not SavedView.objects.exists()


def test_the_same_name_twice_is_refused_in_words(client: Client) -> None:
    client.force_login(world.ada())
    keep(client)
    keep(client)
    assert SavedView.objects.count() == 1


def test_a_view_is_mine_until_i_share_it(client: Client) -> None:
    ada, ines = world.ada(), world.ines()
    client.force_login(ada)
    keep(client)
    view = SavedView.objects.get()
    assert together.saved_views(ines, "accounts:user-list") == []
    client.post(url("view-share", view.pk))
    assert together.saved_views(ines, "accounts:user-list")[0].label == "Readers (Ada Lind)"
    client.force_login(ines)
    assert client.post(url("view-share", view.pk)).status_code == 404
    assert client.post(url("view-remove", view.pk)).status_code == 404


def test_a_removed_view_comes_back_by_undo() -> None:
    ada = world.ada()
    view, _ = views.keep_view(actor=ada, page="p", name="Mine", url="/", now=world.NOW)
    entry = views.remove_view(actor=ada, view=view, now=world.NOW)
    assert not SavedView.objects.exists()
    audit.undo(actor=ada, entry=entry, now=world.NOW)
    assert SavedView.objects.get().name == "Mine"


def ends(name: str) -> thread.End:
    return Kind.MARKET, card(name).id


def test_two_objects_are_tied_once_and_a_step_is_ended_never_deleted() -> None:
    one, two, ines, tracker = ends("One"), ends("Two"), world.ines(), audit.Tracker()
    later = world.NOW + dt.timedelta(days=1)
    step = thread.tie(tracker, one, Relation.RELATES, two, by=ines, why="Same customers", now=world.NOW)
    again = thread.tie(tracker, one, Relation.RELATES, two, by=None, why="Said again", now=later)
    assert again == step and len(tracker.changes) == 1
    assert (again.why, again.made_by, again.since_at) == ("Same customers", ines, world.NOW)
    thread.untie(tracker, one, Relation.RELATES, two, now=world.NOW)
    thread.untie(tracker, one, Relation.RELATES, two, now=later)
    assert Link.objects.get().ended_at == world.NOW and len(tracker.changes) == 2
    thread.tie(tracker, one, Relation.RELATES, two, by=None, why="After all", now=later)
    step = Link.objects.get()
    assert (step.ended_at, step.why, step.made_by, step.since_at) == (None, "After all", None, later)


def test_what_one_object_was_tied_to_is_carried_over_to_another() -> None:
    old, new, far, ines, tracker = ends("Old"), ends("New"), ends("Far"), world.ines(), audit.Tracker()
    thread.tie(tracker, far, Relation.EVIDENCES, old, by=None, why="Heard", now=world.NOW)
    thread.tie(tracker, old, Relation.SERVES, far, by=None, now=world.NOW)
    thread.tie(tracker, new, Relation.SERVES, far, by=None, now=world.NOW)
    thread.tie(tracker, new, Relation.REPLACES, old, by=None, now=world.NOW)
    thread.carry_over(tracker, thread.steps_at(old), old, new, by=ines, now=world.NOW)
    assert not thread.steps_at(old).exists()
    steps = thread.steps_at(new).order_by("relation").values_list("from_id", "relation", "to_id", "why")
    assert list(steps) == [(far[1], "evidences", new[1], "Heard"), (new[1], "serves", far[1], "")]


def test_a_step_goes_when_the_action_that_tied_it_is_undone() -> None:
    one, two, ines, tracker = ends("One"), ends("Two"), world.ines(), audit.Tracker()
    thread.tie(tracker, one, Relation.RELATES, two, by=ines, now=world.NOW)
    entry = audit.record(
        actor=ines, verb="change", kind=one[0], object_id=one[1], now=world.NOW, rows=tracker.changes
    )
    audit.undo(actor=ines, entry=entry, now=world.NOW)
    assert not Link.objects.exists()


@pytest.mark.parametrize("path", ["/account/", "/account/views/", "/comments/market/1/new/"])
def test_who_is_not_signed_in_is_sent_to_sign_in(client: Client, path: str) -> None:
    assert client.get(path)["Location"].startswith("/accounts/login/")
