"""One-time links: the first administrator's, and invitations; each opens once, for its person, for a while."""

import datetime as dt
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests import world
from vertebra.accounts.actions import doors, invitations
from vertebra.accounts.labels import Purpose, Role
from vertebra.accounts.models import AuditEntry, AuditRow, Message, OneTimeLink, User
from vertebra.accounts.outbox import words_of
from vertebra.accounts.tokens import LinkNotUsable

pytestmark = pytest.mark.django_db
LATER = dt.timedelta(hours=25)
GOOD = "a long walk along the river"


def owner_path() -> str:
    return urlsplit(doors.make_owner_link(actor=None, now=world.NOW)).path


def invited(role: Role = Role.READER, by: User | None = None) -> tuple[OneTimeLink, str]:
    link, address = invitations.invite_person(
        actor=by or world.ada(),
        email="Noor@Example.org",
        name="Noor Haddad",
        role=role,
        language="fr",
        now=world.NOW,
    )
    return link, urlsplit(address).path


def answer(client: Client, path: str, **fields: str):  # type: ignore[no-untyped-def]
    return client.post(path, {"name": "Noor Haddad", "language": "fr", "password": GOOD, **fields})


def test_the_owner_link_opens_an_administrators_account_and_signs_in(client: Client) -> None:
    response = answer(client, owner_path(), email_address="Noor@Example.org")
    assert response.status_code == 302
    user = User.objects.get()
    assert (user.role, user.email, user.name) == (Role.ADMINISTRATOR, "noor@example.org", "Noor Haddad")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.password.startswith("argon2")


def test_opening_the_owner_link_changes_nothing(client: Client) -> None:
    path = owner_path()
    assert client.get(path).status_code == 200
    assert not User.objects.exists()
    assert OneTimeLink.objects.get().used_at is None


def test_a_used_link_says_what_to_do_and_opens_no_second_account(client: Client) -> None:
    path = owner_path()
    answer(client, path, email_address="noor@example.org")
    response = answer(Client(), path, email_address="mallory@example.org")
    assert response.status_code == 410
    assert b"vertebra user owner-link" in response.content
    assert User.objects.count() == 1


def test_two_answers_at_once_open_one_account() -> None:
    doors.make_owner_link(actor=None, now=world.NOW)
    link, same = OneTimeLink.objects.get(), OneTimeLink.objects.get()

    def used(link: OneTimeLink, email: str) -> User:
        return doors.use_link(
            actor=None, link=link, email=email, name="N", language="fr", password=GOOD, now=world.NOW
        )

    used(link, "a@example.org")
    with pytest.raises(LinkNotUsable):
        used(same, "b@example.org")
    assert User.objects.count() == 1


def test_another_owner_link_takes_the_earlier_one_back(client: Client) -> None:
    first, second = owner_path(), owner_path()
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200


def test_the_owner_link_opens_for_a_day() -> None:
    doors.make_owner_link(actor=None, now=world.NOW)
    link = OneTimeLink.objects.get()
    assert link.is_usable(world.NOW + dt.timedelta(hours=23, minutes=59))
    assert not link.is_usable(world.NOW + dt.timedelta(hours=24))


def test_the_database_does_not_hold_the_link() -> None:
    secret = owner_path().rstrip("/").rsplit("/", 1)[1]
    link = OneTimeLink.objects.get()
    held = [str(vars(link)), str(list(AuditRow.objects.values())), str(list(AuditEntry.objects.values()))]
    assert not any(secret in text for text in held)
    assert len(secret) >= 43


def test_a_mistyped_link_says_so_and_cannot_be_guessed_for_long(client: Client) -> None:
    answers = [
        client.get(reverse("accounts:owner-accept", args=(f"guess-{n}",))).status_code for n in range(15)
    ]
    assert answers[0] == 410
    assert answers[-1] == 429


def test_a_weak_password_is_refused_with_its_reason(client: Client) -> None:
    response = answer(client, owner_path(), email_address="noor@example.org", password="password1234")
    assert response.status_code == 422
    assert not User.objects.exists()


def test_the_passwords_owner_name_is_not_a_password(client: Client) -> None:
    response = answer(
        client, owner_path(), email_address="noor.haddad@example.org", password="noor.haddad@example"
    )
    assert response.status_code == 422


def test_an_invited_person_chooses_name_language_and_password(client: Client) -> None:
    link, path = invited(Role.CONTRIBUTOR)
    response = answer(client, path, name="Noor H.", language="en")
    assert response.status_code == 302
    user = User.objects.get(email="noor@example.org")
    assert (user.role, user.name, user.language) == (Role.CONTRIBUTOR, "Noor H.", "en")
    link.refresh_from_db()
    assert link.used_by == user


def test_the_invited_cannot_take_another_address_or_role(client: Client) -> None:
    _, path = invited()
    answer(
        client, path, email="mallory@example.org", email_address="mallory@example.org", role="administrator"
    )
    user = User.objects.get(email="noor@example.org")
    assert user.role == Role.READER


def test_an_invitation_is_sent_by_mail_in_the_language_of_the_invited() -> None:
    _, path = invited()
    message = Message.objects.get(template="invitation")
    assert message.to_email == "noor@example.org"
    assert path in words_of(message).body
    assert path not in message.address, (
        "the message waits in the database, where the link must not be readable"
    )


def test_sending_again_makes_the_first_link_void(client: Client) -> None:
    link, first = invited()
    second = urlsplit(invitations.resend_invitation(actor=User.objects.get(), link=link, now=world.NOW)).path
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200
    assert Message.objects.filter(template="invitation").count() == 2


def test_a_revoked_invitation_opens_nothing(client: Client) -> None:
    link, path = invited()
    invitations.revoke_invitation(actor=User.objects.get(), link=link, now=world.NOW)
    assert client.get(path).status_code == 410
    assert answer(client, path).status_code == 410


def test_an_invitation_expires() -> None:
    link, _ = invited()
    assert not link.is_usable(world.NOW + dt.timedelta(days=14))


def test_product_ops_invites_readers_and_contributors_only() -> None:
    ines = world.ines()
    invited(Role.CONTRIBUTOR, by=ines)
    for role in (Role.PRODUCT_OPS, Role.ADMINISTRATOR):
        with pytest.raises(invitations.RoleNotYours):
            invited(role, by=ines)


def test_product_ops_cannot_touch_an_administrators_invitation(client: Client) -> None:
    link, path = invited(Role.ADMINISTRATOR)
    client.force_login(world.ines())
    client.post(reverse("accounts:invitation-resend", args=(link.pk,)))
    client.post(reverse("accounts:invitation-revoke", args=(link.pk,)))
    assert Client().get(path).status_code == 200


def test_a_contributor_invites_nobody(client: Client) -> None:
    client.force_login(world.karim())
    assert client.get(reverse("accounts:invitation-list")).status_code == 403
    assert client.post(reverse("accounts:invitation-create"), {}).status_code == 403


def test_somebody_with_an_account_is_not_invited_again() -> None:
    world.account("Noor Haddad")
    with pytest.raises(doors.EmailTaken):
        invited()


def test_without_mail_the_link_is_shown_once_to_copy(client: Client, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    client.force_login(world.ada())
    fields = {"email": "noor@example.org", "name": "Noor", "role": "reader", "language": "fr"}
    response = client.post(reverse("accounts:invitation-create"), fields)
    assert response["Cache-Control"] == "no-store"
    path = urlsplit(response.context["address"]).path
    assert path in response.content.decode()
    assert Client().get(path).status_code == 200
    assert path not in client.get(reverse("accounts:invitation-list")).content.decode()


def test_with_mail_the_link_is_not_shown(client: Client) -> None:
    client.force_login(world.ada())
    fields = {"email": "noor@example.org", "name": "Noor", "role": "reader", "language": "fr"}
    response = client.post(reverse("accounts:invitation-create"), fields, follow=True)
    assert b"/accounts/invitation/" not in response.content
    assert OneTimeLink.objects.filter(purpose=Purpose.INVITATION).count() == 1


def test_the_list_shows_where_each_invitation_stands(client: Client) -> None:
    link, _ = invited()
    client.force_login(User.objects.get())
    page = client.get(reverse("accounts:invitation-list"), {"state": "waiting"})
    assert b"noor@example.org" in page.content
    invitations.revoke_invitation(actor=User.objects.get(), link=link, now=world.NOW)
    assert (
        b"noor@example.org"
        not in client.get(reverse("accounts:invitation-list"), {"state": "waiting"}).content
    )
    table = client.get(reverse("accounts:invitation-list"), {"format": "csv"})
    assert b"noor@example.org" in b"".join(table.streaming_content)  # type: ignore[attr-defined]


def test_nobody_signs_up_by_themselves(client: Client) -> None:
    for path in ("/accounts/signup/", "/accounts/email/", "/accounts/social/", "/accounts/3rdparty/"):
        assert client.get(path).status_code == 404
        assert client.post(path, {"email": "mallory@example.org", "password1": GOOD}).status_code == 404
    assert not User.objects.exists()
