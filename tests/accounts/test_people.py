"""Accounts over their life: roles, closing, the last administrator, sessions, preferences."""

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests import world
from vertebra.accounts import tokens
from vertebra.accounts.actions import doors, people
from vertebra.accounts.actions import tokens as token_actions
from vertebra.accounts.labels import Role
from vertebra.accounts.models import AuditEntry, AuditRow, ChannelChoice, User
from vertebra.accounts.pages.me import browser_of
from vertebra.accounts.permissions import ROLE_RIGHTS, Right

pytestmark = pytest.mark.django_db
ADMINISTRATION = [
    ("accounts:user-list", ()),
    ("accounts:rights", ()),
]


def url(name: str, *args: int) -> str:
    return reverse(f"accounts:{name}", args=args)


def signed_in(user: User) -> Client:
    if not user.has_usable_password():
        user.set_password(world.PASSWORD)
        user.save()
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": world.PASSWORD})
    assert "_auth_user_id" in client.session
    return client


def test_only_administrators_see_accounts(client: Client) -> None:
    for user in (world.ines(), world.karim(), world.lea()):
        client.force_login(user)
        for name, args in ADMINISTRATION:
            assert client.get(reverse(name, args=args)).status_code == 403
        assert client.post(url("role-change", user.pk), {"role": "administrator"}).status_code == 403
        user.refresh_from_db()
        assert user.role != Role.ADMINISTRATOR


def test_the_list_filters_sorts_searches_and_exports(client: Client) -> None:
    client.force_login(world.ada())
    world.karim(), world.lea()
    page = client.get(url("user-list"), {"role": "contributor"})
    assert b"Karim Diallo" in page.content
    assert b"Lea Roux" not in page.content
    assert b"Lea Roux" in client.get(url("user-list"), {"q": "roux"}).content
    names = [row.name for row in client.get(url("user-list"), {"sort": "-name"}).context["listing"].rows]
    assert names == sorted(names, reverse=True)
    table = b"".join(client.get(url("user-list"), {"format": "csv"}).streaming_content).decode()  # type: ignore[attr-defined]
    assert "karim@example.org" in table


def test_the_list_takes_few_queries_however_many_accounts(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(world.ada())
    User.objects.bulk_create(
        [User(email=f"p{n}@example.org", name=f"P {n}", created_at=world.NOW) for n in range(300)]
    )
    with django_assert_max_num_queries(12):
        page = client.get(url("user-list"))
    assert len(page.content) < 150_000
    assert page.context["listing"].next_url


def test_an_administrator_gives_a_role_and_it_is_kept_with_what_it_was(client: Client) -> None:
    client.force_login(world.ada())
    karim = world.karim()
    client.post(url("role-change", karim.pk), {"role": "product_ops"})
    karim.refresh_from_db()
    assert karim.role == Role.PRODUCT_OPS
    row = AuditRow.objects.get(row_id=karim.pk, model="accounts.user")
    assert (row.before, row.after) == ({"role": "contributor"}, {"role": "product_ops"})


def test_an_unknown_role_changes_nothing(client: Client) -> None:
    client.force_login(world.ada())
    karim = world.karim()
    client.post(url("role-change", karim.pk), {"role": "emperor"})
    karim.refresh_from_db()
    assert karim.role == Role.CONTRIBUTOR


def test_the_last_administrator_stays(client: Client) -> None:
    ada = world.ada()
    client.force_login(ada)
    client.post(url("role-change", ada.pk), {"role": "reader"})
    client.post(url("user-close", ada.pk))
    ada.refresh_from_db()
    assert (ada.role, ada.is_active) == (Role.ADMINISTRATOR, True)
    world.account("Second Admin", Role.ADMINISTRATOR)
    client.post(url("role-change", ada.pk), {"role": "reader"})
    ada.refresh_from_db()
    assert ada.role == Role.READER


def test_a_closed_administrator_does_not_count() -> None:
    ada = world.ada()
    world.account("Second Admin", Role.ADMINISTRATOR, is_active=False)
    with pytest.raises(people.LastAdministrator):
        people.deactivate_account(actor=ada, user=ada, now=world.NOW)


def test_closing_an_account_ends_its_sessions_and_tokens() -> None:
    ada, karim = world.ada(), world.karim()
    browser = signed_in(karim)
    _, raw = token_actions.make_token(
        actor=karim, name="t", scopes=["read"], expires_at=world.NOW + token_actions.LASTS, now=world.NOW
    )
    people.deactivate_account(actor=ada, user=karim, now=world.NOW)
    assert browser.get("/account/").status_code == 302
    assert tokens.authenticate(raw, world.NOW) is None
    karim.refresh_from_db()
    people.reactivate_account(actor=ada, user=karim, now=world.NOW)
    assert browser.get("/account/").status_code == 302, "the former session stays ended"
    assert tokens.authenticate(raw, world.NOW) is None, "the former token too"


def test_the_page_of_an_account_shows_its_history(client: Client) -> None:
    ada, karim = world.ada(), world.karim()
    client.force_login(ada)
    people.change_role(actor=ada, user=karim, role=Role.PRODUCT_OPS, now=world.NOW)
    page = client.get(url("user-page", karim.pk)).content.decode()
    assert "Ada Lind" in page
    assert "<ins>" in page


def test_the_table_shows_every_role_and_right(client: Client) -> None:
    client.force_login(world.ada())
    page = client.get(url("rights"))
    assert len(page.context["table"]) == len(Right)
    shown = {right: cells for right, (_, cells) in zip(Right, page.context["table"], strict=True)}
    for right in Right:
        assert shown[right] == [(role.label, right in ROLE_RIGHTS[role]) for role in Role]


def test_what_is_private_to_product_ops_is_closed_to_administrators() -> None:
    assert Right.PRODUCT_OPS not in ROLE_RIGHTS[Role.ADMINISTRATOR]


def test_an_administrator_hands_over_a_link_for_a_new_password(client: Client) -> None:
    karim = world.karim()
    client.force_login(world.ada())
    page = client.post(url("password-link-create", karim.pk))
    assert page["Cache-Control"] == "no-store"
    opened = Client().get(page.context["address"].split("8000", 1)[-1], follow=True)
    assert b"password1" in opened.content
    assert AuditEntry.objects.filter(verb="ask_password", object_id=karim.pk).exists()


def test_my_account_changes_how_i_am_spoken_to(client: Client) -> None:
    lea = world.lea()
    client.force_login(lea)
    fields = {
        "name": "Léa R.",
        "language": "en",
        "theme": "dark",
        "time_zone": "Asia/Tokyo",
        "channels": ["in_app"],
    }
    assert client.post(url("account"), fields).status_code == 302
    lea.refresh_from_db()
    assert (lea.name, lea.language, lea.theme, lea.time_zone) == ("Léa R.", "en", "dark", "Asia/Tokyo")
    assert not ChannelChoice.objects.get(user=lea, channel="mail").is_on
    assert b'lang="en"' in client.get(url("account")).content
    assert AuditRow.objects.filter(model="accounts.user", after__name="Léa R.").exists()


def test_my_account_does_not_change_my_role_or_address(client: Client) -> None:
    lea = world.lea()
    client.force_login(lea)
    client.post(
        url("account"),
        {
            "name": "L",
            "language": "fr",
            "theme": "dark",
            "role": "administrator",
            "email": "x@example.org",
            "is_cast": "1",
        },
    )
    lea.refresh_from_db()
    assert (lea.role, lea.email, lea.is_cast) == (Role.READER, "lea@example.org", False)


@pytest.mark.parametrize(
    "field", [{"time_zone": "Mars/Base"}, {"language": "xx"}, {"theme": "pink"}, {"name": ""}]
)
def test_what_does_not_exist_is_refused_beside_its_field(client: Client, field: dict[str, str]) -> None:
    client.force_login(world.lea())
    fields = {"name": "L", "language": "fr", "theme": "dark", "time_zone": "", **field}
    assert client.post(url("account"), fields).status_code == 422


def test_the_menu_switches_language_and_theme_and_stays_here(client: Client) -> None:
    lea = world.lea()
    client.force_login(lea)
    response = client.post(url("preference-change"), {"theme": "dark", "next": "/account/tokens/"})
    assert response["Location"] == "/account/tokens/"
    response = client.post(url("preference-change"), {"language": "en", "next": "https://evil.example/"})
    assert response["Location"] == "/"
    lea.refresh_from_db()
    assert (lea.theme, lea.language) == ("dark", "en")
    assert client.post(url("preference-change"), {"language": "xx"}).status_code == 404


def test_i_see_where_i_am_signed_in_and_sign_out_there() -> None:
    lea = world.lea()
    here, there = signed_in(lea), signed_in(lea)
    assert len(here.get(url("session-list")).context["sessions"]) == 2
    other = UserSession.objects.exclude(session_key=here.session.session_key).get()
    here.post(url("session-end", other.pk))
    assert there.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200


def test_i_sign_out_everywhere_else() -> None:
    lea = world.lea()
    here, there, yonder = signed_in(lea), signed_in(lea), signed_in(lea)
    here.post(url("session-end-others"))
    assert [c.get("/account/").status_code for c in (here, there, yonder)] == [200, 302, 302]


def test_nobody_ends_the_sessions_of_somebody_else() -> None:
    lea, mallory = world.lea(), signed_in(world.karim())
    mine = signed_in(lea)
    session = UserSession.objects.get(user=lea)
    assert mallory.post(url("session-end", session.pk)).status_code == 404
    assert mine.get("/account/").status_code == 200


def test_a_browser_is_named_as_people_know_it() -> None:
    agent = (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0"
    )
    assert browser_of(agent) == "Edge · Windows"
    assert browser_of("curl/8") == "curl/8"


def test_the_owner_is_an_account_like_any_other() -> None:
    doors.make_owner_link(actor=None, now=world.NOW)
    assert AuditEntry.objects.get().actor_name == "Vertebra"
