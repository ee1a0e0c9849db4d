"""Where, how often and when people are told: quiet hours on nights when clocks are moved, digests, defaults."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from tests.world import NOW, ada, lea
from vertebra.accounts import outbox
from vertebra.accounts.actions.reach import NEVER, NowhereLeft, Times, choose_telling
from vertebra.accounts.labels import CHOSEN, Channel, DeliveryState, MessageKind, Pace
from vertebra.accounts.models import AuditEntry, ChannelChoice, Delivery, Message, Rhythm, User
from vertebra.accounts.outbox.wishes import Wishes, digest_after, quiet_until

PARIS, TOKYO = ZoneInfo("Europe/Paris"), ZoneInfo("Asia/Tokyo")
NIGHT = Rhythm(quiet_from=dt.time(22), quiet_until=dt.time(7))


@pytest.fixture(autouse=True)
def with_mail(settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def at(text: str, zone: ZoneInfo = PARIS, fold: int = 0) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(dt.UTC)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (at("2026-11-02T21:59"), None),
        (at("2026-11-02T22:00"), at("2026-11-03T07:00")),
        (at("2026-11-03T03:00"), at("2026-11-03T07:00")),
        (at("2026-11-03T06:59"), at("2026-11-03T07:00")),
        (at("2026-11-03T07:00"), None),
        # The night in October when 2:30 comes twice, and the one in March when it does not come.
        (at("2026-10-25T02:30", fold=0), at("2026-10-25T07:00")),
        (at("2026-10-25T02:30", fold=1), at("2026-10-25T07:00")),
        (at("2026-03-29T03:30"), at("2026-03-29T07:00")),
    ],
)
def test_the_night_is_quiet_by_ones_own_clock(now: dt.datetime, until: dt.datetime | None) -> None:
    assert quiet_until(NIGHT, PARIS, now) == until


def test_the_same_moment_is_night_in_one_place_and_day_in_another() -> None:
    assert quiet_until(NIGHT, TOKYO, at("2026-11-02T15:00")) == at("2026-11-03T07:00", TOKYO)
    assert quiet_until(NIGHT, PARIS, at("2026-11-02T15:00")) is None


def test_quiet_hours_that_end_when_clocks_are_moved_are_not_cut_short() -> None:
    short = Rhythm(quiet_from=dt.time(23), quiet_until=dt.time(2, 30))
    # 2:30 comes twice: they end at the second.
    assert quiet_until(short, PARIS, at("2026-10-25T02:45", fold=0)) == at("2026-10-25T02:30", fold=1)
    # 2:30 does not come: at 3:00 summer time it is over within the hour.
    ended = quiet_until(short, PARIS, at("2026-03-29T01:30"))
    assert ended is not None and at("2026-03-29T03:00") <= ended <= at("2026-03-29T03:30")


def test_quiet_hours_in_the_day_and_none_at_all() -> None:
    lunch = Rhythm(quiet_from=dt.time(12), quiet_until=dt.time(14))
    assert quiet_until(lunch, PARIS, at("2026-11-02T13:00")) == at("2026-11-02T14:00")
    assert quiet_until(lunch, PARIS, at("2026-11-02T23:00")) is None
    assert quiet_until(Rhythm(), PARIS, at("2026-11-02T03:00")) is None
    assert quiet_until(Rhythm(quiet_from=dt.time(5), quiet_until=dt.time(5)), PARIS, NOW) is None


@limits(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.times(), st.times(), st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 12, 31)),
    st.sampled_from(["Europe/Paris", "America/St_Johns", "Australia/Lord_Howe", "Asia/Tokyo", "America/Sao_Paulo"]),
)  # fmt: skip
def test_quiet_hours_always_end_within_a_day_and_a_bit(
    begins: dt.time, ends: dt.time, moment: dt.datetime, zone: str
) -> None:
    rhythm, now = Rhythm(quiet_from=begins, quiet_until=ends), moment.replace(tzinfo=dt.UTC)
    until = quiet_until(rhythm, ZoneInfo(zone), now)
    if until is not None:
        assert now < until <= now + dt.timedelta(hours=26)
        assert quiet_until(rhythm, ZoneInfo(zone), until) is None


@pytest.mark.parametrize(
    ("pace", "now", "then"),
    [
        (Pace.DAILY, at("2026-11-02T08:00"), at("2026-11-02T08:30")),
        (Pace.DAILY, at("2026-11-02T08:30"), at("2026-11-03T08:30")),
        (Pace.WEEKLY, at("2026-11-02T09:00"), at("2026-11-09T08:30")),
        (Pace.WEEKLY, at("2026-11-08T23:59"), at("2026-11-09T08:30")),
        (Pace.DAILY, at("2026-10-24T09:00"), at("2026-10-25T08:30")),
    ],
)
def test_digests_come_at_their_hour(pace: Pace, now: dt.datetime, then: dt.datetime) -> None:
    assert digest_after(Rhythm(), PARIS, now, pace) == then


def tell(user: User, key: str = "k", kind: str = "followed") -> Message:
    return outbox.queue_message(
        key=key,
        to_user=user,
        template="comment",
        particulars={"author": "Karim", "title": f"Refunds {key}"},
        language="en",
        address="/spaces/1/",
        kind=kind,
        now=NOW,
    )


def mails() -> list[str]:
    return list(Delivery.objects.filter(channel=Channel.MAIL).order_by("id").values_list("state", flat=True))


@pytest.mark.django_db
@pytest.mark.postgres
class TestChoices:
    def test_a_person_comes_before_the_company_and_the_company_before_us(self) -> None:
        user = lea()
        assert Wishes.of([user.pk]).pace(user.pk, "releases", Channel.MAIL) == Pace.AT_ONCE
        assert Wishes.of([user.pk]).pace(user.pk, "releases", Channel.SLACK) is None
        ChannelChoice.objects.create(kind="releases", channel=Channel.MAIL, pace=Pace.WEEKLY)
        assert Wishes.of([user.pk]).pace(user.pk, "releases", Channel.MAIL) == Pace.WEEKLY
        assert Wishes.of([user.pk]).pace(user.pk, "followed", Channel.MAIL) == Pace.AT_ONCE
        ChannelChoice.objects.create(user=user, kind="releases", channel=Channel.MAIL, pace=Pace.DAILY)
        assert Wishes.of([user.pk]).pace(user.pk, "releases", Channel.MAIL) == Pace.DAILY
        ChannelChoice.objects.create(user=user, channel=Channel.MAIL, is_on=False)
        assert Wishes.of([user.pk]).pace(user.pk, "releases", Channel.MAIL) is None

    def test_the_way_in_is_never_quiet_nor_refused(self) -> None:
        user = lea()
        ChannelChoice.objects.create(user=user, channel=Channel.MAIL, is_on=False)
        Rhythm.objects.create(user=user, quiet_from=dt.time(0), quiet_until=dt.time(23, 59))
        tell(user, kind="account")
        assert mails() == [DeliveryState.QUEUED]
        assert outbox.deliver(NOW).sent == 1

    def test_what_is_told_at_night_waits_for_the_morning(self) -> None:
        user = lea()
        Rhythm.objects.create(user=user, quiet_from=dt.time(8), quiet_until=dt.time(10))
        tell(user)
        assert Delivery.objects.get(channel=Channel.MAIL).due_at == NOW.replace(hour=10)
        assert outbox.deliver(NOW).sent == 0
        assert outbox.deliver(NOW.replace(hour=10)).sent == 1

    def test_quiet_hours_chosen_after_it_was_queued_hold_too(self) -> None:
        user = lea()
        tell(user)
        Rhythm.objects.create(user=user, quiet_from=dt.time(8), quiet_until=dt.time(10))
        assert outbox.deliver(NOW).sent == 0
        assert outbox.deliver(NOW.replace(hour=10)).sent == 1

    def test_a_digest_gathers_what_was_not_told_at_once(self) -> None:
        from django.core import mail

        user = lea()
        ChannelChoice.objects.create(user=user, kind="followed", channel=Channel.MAIL, pace=Pace.DAILY)
        tell(user, "one")
        tell(user, "two")
        tell(user, "three", kind="for_me")
        assert mails() == [DeliveryState.HELD, DeliveryState.HELD, DeliveryState.QUEUED]
        assert outbox.gather(NOW) == 0
        tomorrow = NOW + dt.timedelta(days=1)
        assert outbox.gather(tomorrow) == 1
        assert outbox.gather(tomorrow) == 0
        assert outbox.deliver(tomorrow).sent == 2
        digest = mail.outbox[-1]
        assert "Refunds one" in digest.body and "Refunds two" in digest.body and "three" not in digest.body
        assert "/spaces/1/" in digest.body
        assert "Refunds one" in str(digest.alternatives[0][0])  # type: ignore[attr-defined]
        assert outbox.unread(user).count() == 3, "a digest is no message of its own in Vertebra"

    def test_who_stops_it_while_it_is_on_its_way_gets_nothing_more(self) -> None:
        user = lea()
        tell(user)
        ChannelChoice.objects.create(user=user, kind="followed", channel=Channel.MAIL, is_on=False)
        done = outbox.deliver(NOW)
        assert (done.sent, done.stopped) == (0, 1)

    def test_what_waits_follows_a_new_choice(self) -> None:
        user = lea()
        ChannelChoice.objects.create(user=user, kind="followed", channel=Channel.MAIL, pace=Pace.WEEKLY)
        tell(user, "one")
        choose(user, {("followed", "mail"): "at_once"})
        assert mails() == [DeliveryState.QUEUED]
        choose(user, {("followed", "mail"): "daily"})
        tell(user, "two")
        choose(user, {("followed", "mail"): NEVER})
        assert mails()[1] == DeliveryState.STOPPED

    def test_only_what_differs_from_the_default_is_kept(self) -> None:
        user = lea()
        choose(user, {("followed", "mail"): "daily", ("releases", "mail"): "at_once"})
        assert ChannelChoice.objects.get().kind == "followed"
        choose(user, {("followed", "mail"): "at_once"})
        assert not ChannelChoice.objects.exists()
        assert AuditEntry.objects.filter(verb="choose", object_id=user.pk).count() == 2

    def test_what_is_asked_of_me_stays_in_vertebra(self) -> None:
        with pytest.raises(NowhereLeft):
            choose(lea(), {("for_me", "in_app"): NEVER})


def choose(user: User | None, paces: dict[tuple[str, str], str]) -> None:
    actor = user or ada()
    times = Times(None, None, Rhythm.DIGEST_AT, 0)
    choose_telling(actor=actor, user=user, paces=paces, times=times, now=NOW)


@pytest.mark.django_db
def test_i_choose_on_a_page(client: Client) -> None:
    user = lea()
    user.language = "en"
    user.save()
    client.force_login(user)
    page = client.get(reverse("accounts:telling"))
    assert page.status_code == 200
    fields = {f"{kind}-{channel}": "at_once" for kind in CHOSEN for channel in ("in_app", "mail")}
    fields |= {"releases-mail": "weekly", "followed-in_app": "never", "quiet_from": "20:00", "quiet_until": "07:30",
               "digest_at": "09:15", "digest_day": "4"}  # fmt: skip
    assert client.post(reverse("accounts:telling"), fields).status_code == 302
    wishes = Wishes.of([user.pk])
    assert wishes.pace(user.pk, "releases", Channel.MAIL) == Pace.WEEKLY
    assert wishes.pace(user.pk, "followed", Channel.IN_APP) is None
    assert (wishes.rhythm(user.pk).quiet_until, wishes.rhythm(user.pk).digest_day) == (dt.time(7, 30), 4)
    shown = client.get(reverse("accounts:telling")).content.decode()
    assert 'value="20:00"' in shown
    assert client.post(reverse("accounts:telling"), fields | {"quiet_until": ""}).status_code == 422
    assert client.post(reverse("accounts:telling"), fields | {"for_me-in_app": "never"}).status_code == 422
    assert client.get(reverse("accounts:company-telling")).status_code == 403


@pytest.mark.django_db
def test_the_company_chooses_for_whoever_has_not(client: Client) -> None:
    client.force_login(ada())
    fields = {f"{kind}-{channel}": "at_once" for kind in CHOSEN for channel in ("in_app", "mail")}
    fields |= {"releases-mail": "daily", "digest_at": "08:30", "digest_day": "0"}
    assert client.post(reverse("accounts:company-telling"), fields).status_code == 302
    assert Wishes.of([]).pace(lea().pk, MessageKind.RELEASES, Channel.MAIL) == Pace.DAILY
    assert ChannelChoice.objects.get().user is None
