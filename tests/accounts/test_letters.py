"""Letters: one text told to many; corrected for those who got it, held back from the others."""

import datetime as dt
from typing import Any

import pytest
from django.conf import LazySettings
from django.core import mail
from django.test import Client

from tests.world import NOW, account, ada, karim, lea
from vertebra.accounts import outbox
from vertebra.accounts.labels import Channel, DeliveryState, MessageKind, Pace
from vertebra.accounts.models import AuditEntry, ChannelChoice, Delivery, Letter, MailStop, Message, User
from vertebra.accounts.outbox import Addressee
from vertebra.kit.seals import seal

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
WORDS = {
    "en": {"subject": "Refunds in one click", "body": "It is **here**.\n\n<script>alert(1)</script>"},
    "fr": {"subject": "Remboursement en un clic", "body": "C’est **là**."},
}
BETTER = {
    "en": {"subject": "Refunds in two clicks", "body": "Two, not one."},
    "fr": {"subject": "Remboursement en deux clics", "body": "Deux, pas un."},
}


@pytest.fixture(autouse=True)
def with_mail(settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def letter(key: str = "release:1") -> Letter:
    return outbox.write_letter(key=key, words=WORDS, now=NOW, address="/releases/1/")


def to(*users: User, **more: Any) -> list[Addressee]:
    return [Addressee(language=user.language, user_id=user.pk, **more) for user in users]


def sent_to(email: str) -> list[str]:
    return [str(one.subject) for one in mail.outbox if one.to == [email]]


def test_everybody_gets_it_once_in_their_language() -> None:
    first, other = lea(), karim()
    User.objects.filter(pk=other.pk).update(language="en")
    other.refresh_from_db()
    text = letter()
    assert (
        outbox.send_letter(text, [*to(first, other), Addressee("en", email="Outside@example.org")], NOW) == 3
    )
    assert outbox.send_letter(text, [*to(first), Addressee("en", email="outside@EXAMPLE.org")], NOW) == 0
    outbox.deliver(NOW)
    outbox.deliver(NOW)
    assert sent_to("lea@example.org") == ["Remboursement en un clic"]
    assert sent_to("karim@example.org") == ["Refunds in one click"]
    assert sent_to("Outside@example.org") == ["Refunds in one click"]
    assert outbox.words_of(outbox.unread(first).get()).subject == "Remboursement en un clic"
    assert outbox.count_letter(text) == {("mail", "sent"): 3, ("in_app", "sent"): 2}


def test_a_mail_is_read_as_text_and_as_html_and_ends_with_one_click() -> None:
    user = karim()
    outbox.send_letter(letter(), [Addressee("en", user_id=user.pk, address="/releases/1/for/me/")], NOW)
    outbox.deliver(NOW)
    (sent,) = mail.outbox
    html = str(sent.alternatives[0][0])  # type: ignore[union-attr]
    assert "It is here." in str(sent.body)
    assert "<strong>here</strong>" in html
    assert "<script>" not in html
    for text in (str(sent.body), html):
        assert "/releases/1/for/me/" in text
        assert ".invalid" not in text
    raw = sent.message().as_string()
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in raw
    assert "Precedence: bulk" in raw and "Auto-Submitted: auto-generated" in raw


def test_what_many_are_told_opens_from_the_messages_without_the_secret(client: Client) -> None:
    user = karim()
    to_him = Addressee("fr", user_id=user.pk, address=seal("/releases/1/for/s3cr3t/"))
    outbox.send_letter(letter(), [to_him], NOW)
    client.force_login(user)
    page = client.get("/messages/").content.decode()
    assert "Remboursement en un clic" in page
    assert 'href="/releases/1/"' in page
    assert "s3cr3t" not in page
    outbox.deliver(NOW)
    assert "/releases/1/for/s3cr3t/" in str(mail.outbox[0].body)


def stop_path(message: Any) -> str:
    header = str(message.extra_headers["List-Unsubscribe"])
    return header.strip("<>").split("8000", 1)[-1]


def test_one_click_ends_the_mails_of_a_kind_and_opening_changes_nothing(client: Client) -> None:
    user = karim()
    outbox.send_letter(letter(), to(user), NOW)
    outbox.deliver(NOW)
    path = stop_path(mail.outbox[0])
    for _time in range(3):  # as mail gateways do
        assert client.get(path).status_code == 200
        assert client.head(path).status_code in {200, 405}
    assert not ChannelChoice.objects.exists()
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert strict.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert AuditEntry.objects.filter(verb="unsubscribe").count() == 1
    outbox.send_letter(letter("release:2"), to(user), NOW)
    outbox.deliver(NOW)
    assert len(mail.outbox) == 1
    assert outbox.unread(user).count() == 2, "Vertebra itself still tells"


def test_somebody_without_an_account_ends_them_too(client: Client) -> None:
    outbox.send_letter(letter(), [Addressee("en", email="a@example.org")], NOW)
    outbox.deliver(NOW)
    assert client.post(stop_path(mail.outbox[0])).status_code == 200
    outbox.send_letter(letter("release:2"), [Addressee("en", email="A@example.org")], NOW)
    assert outbox.deliver(NOW).stopped == 1
    assert len(mail.outbox) == 1


def test_a_made_up_click_ends_nothing(client: Client) -> None:
    user = karim()
    outbox.send_letter(letter(), to(user), NOW)
    outbox.deliver(NOW)
    path = stop_path(mail.outbox[0])
    assert client.post(path.replace("/stop/", "x/stop/")).status_code == 404
    assert client.post("/mails/nonsense/stop/").status_code == 404
    assert not ChannelChoice.objects.exists()


def test_what_is_asked_of_somebody_cannot_be_ended_by_a_click() -> None:
    outbox.queue_message(
        key="k", to_user=lea(), template="survey_invitation", language="en", now=NOW,
        particulars={"title": "T", "questions": 1, "minutes": 1, "closes": ""},
    )  # fmt: skip
    outbox.deliver(NOW)
    assert "List-Unsubscribe" not in mail.outbox[0].extra_headers


def test_a_correction_goes_to_exactly_those_who_got_the_first_text() -> None:
    told, waiting, gone, held = karim(), lea(), account("Noe Blanc"), account("Ida Roy")
    for user in (told, waiting, held, gone):
        ChannelChoice.objects.create(user=user, kind="releases", channel=Channel.IN_APP, is_on=False)
    ChannelChoice.objects.create(user=held, kind="releases", channel=Channel.MAIL, pace=Pace.DAILY)
    text = letter()
    outbox.send_letter(text, to(told, waiting, gone, held), NOW)
    late = Delivery.objects.filter(message__to_user=waiting)
    late.update(due_at=NOW + dt.timedelta(hours=1))
    User.objects.filter(pk=gone.pk).update(is_active=False)
    outbox.deliver(NOW)
    correction, count = outbox.correct_letter(text, key="release:1:again", words=BETTER, now=NOW)
    assert count == 1
    again, twice = outbox.correct_letter(text, key="release:1:again", words=BETTER, now=NOW), correction
    assert again[0] == twice
    outbox.deliver(NOW + dt.timedelta(hours=2))
    tomorrow = NOW + dt.timedelta(days=1)
    outbox.gather(tomorrow)
    outbox.deliver(tomorrow)
    assert sent_to("karim@example.org") == ["Remboursement en un clic", "Remboursement en deux clics"]
    assert sent_to("lea@example.org") == ["Remboursement en deux clics"]
    assert sent_to("noe@example.org") == []
    assert sent_to("ida@example.org") == ["Remboursement en deux clics"], "in the digest, once, as it is now"
    corrected, first = (next(m for m in mail.outbox if m.to == [who] and "deux" in m.subject)
                        for who in ("karim@example.org", "lea@example.org"))  # fmt: skip
    assert "Ceci corrige ce qui vous a été dit le 2 novembre 2026." in str(corrected.body)
    assert "corrige" not in str(first.body)


def test_a_doubtful_delivery_is_told_of_the_correction_and_not_the_first_text_again() -> None:
    user = karim()
    text = letter()
    outbox.send_letter(text, to(user), NOW, channels=[Channel.MAIL])
    Delivery.objects.update(state=DeliveryState.CLAIMED, claimed_at=NOW, attempts=1)  # the worker died here
    _correction, count = outbox.correct_letter(text, key="again", words=BETTER, now=NOW)
    assert count == 1
    outbox.deliver(NOW + dt.timedelta(minutes=30))
    assert sent_to("karim@example.org") == ["Remboursement en deux clics"]


def test_a_letter_withdrawn_in_mid_send_is_held_back_from_the_rest() -> None:
    first, second = karim(), lea()
    text = letter()
    outbox.send_letter(text, to(first), NOW)
    outbox.deliver(NOW)
    outbox.send_letter(text, to(second), NOW)
    assert outbox.stop_letter(text, NOW) == 1
    assert outbox.deliver(NOW).sent == 0
    assert outbox.count_letter(text)["mail", "stopped"] == 1
    outbox.send_letter(text, to(ada()), NOW)
    assert outbox.deliver(NOW).stopped == 1, "what is queued after it was withdrawn does not go either"


def test_somebody_who_leaves_in_mid_send_gets_nothing() -> None:
    user = karim()
    outbox.send_letter(letter(), to(user), NOW)
    User.objects.filter(pk=user.pk).delete()
    assert outbox.deliver(NOW).sent == 0
    assert not Message.objects.exists()
    assert outbox.send_letter(letter("2"), [Addressee("fr", user_id=user.pk)], NOW) == 0


def test_what_one_person_waits_for_is_not_behind_what_many_are_told() -> None:
    users = [account(f"P{number} Somebody") for number in range(5)]
    outbox.send_letter(letter(), to(*users), NOW)
    outbox.queue_message(
        key="k", to_user=lea(), template="password_link", particulars={}, language="en", now=NOW
    )
    outbox.deliver(NOW)
    assert mail.outbox[0].to == ["lea@example.org"]


def test_an_address_that_does_not_exist_is_given_up_after_three_times() -> None:
    MailStop.objects.create(email="karim@example.org", reason="bounced", count=3, latest_at=NOW)
    outbox.send_letter(letter(), to(karim()), NOW)
    assert outbox.deliver(NOW).stopped == 1


def test_a_mail_to_ourselves_does_not_go_round(settings: LazySettings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Vertebra <Karim@example.org>"
    outbox.send_letter(letter(), to(karim()), NOW)
    assert outbox.deliver(NOW).failed == 1
    assert mail.outbox == []


REPORT = """From: MAILER-DAEMON@example.org
To: vertebra@localhost
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; karim@example.org
Action: failed
Status: {status}

--b
Content-Type: message/rfc822

Message-ID: {id}
Subject: x

--b--
"""


def test_mail_that_comes_back_is_noted_once() -> None:
    outbox.send_letter(letter(), to(karim()), NOW)
    outbox.deliver(NOW)
    known = str(mail.outbox[0].extra_headers["Message-ID"])
    delayed = REPORT.format(status="4.4.7", id=known).encode()
    assert outbox.take_returned(delayed, NOW) == "later"
    report = REPORT.format(status="5.1.1", id=known).encode()
    for _time in range(3):
        assert outbox.take_returned(report, NOW) == "bounced"
    assert Delivery.objects.get(channel=Channel.MAIL).state == DeliveryState.BOUNCED
    assert MailStop.objects.get().count == 1


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"", "no_report"),
        (b"Subject: I am away\nAuto-Submitted: auto-replied\n\nBack on Monday.", "no_report"),
        (REPORT.format(status="5.1.1", id="<1.00000000000000000000000000000000@x>").encode(), "not_ours"),
        (REPORT.format(status="nothing", id="<1.0@x>").encode(), "no_report"),
        (b"Content-Type: multipart/report\n\n" + b"\x00" * 5000, "no_report"),
    ],
)
def test_other_mail_is_left_alone(raw: bytes, found: str) -> None:
    assert outbox.take_returned(raw, NOW) == found
    assert not MailStop.objects.exists()


def test_kinds_of_messages_are_known_by_their_template() -> None:
    made = outbox.queue_message(
        key="k", to_user=lea(), template="password_link", particulars={}, language="en", now=NOW
    )
    assert made.kind == MessageKind.ACCOUNT
