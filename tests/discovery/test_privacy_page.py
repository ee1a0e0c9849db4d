"""Whoever is asked something can read, without an account, what this instance keeps and what it does not."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from tests import world
from tests.org.company import person
from vertebra.discovery.models import HelpRequest, Interview, Stance
from vertebra.discovery.queries.privacy import seen_on
from vertebra.evidence.models import Survey
from vertebra.org.models import Unit

pytestmark = pytest.mark.django_db
ADDRESS = "/privacy/"


def page() -> str:
    answer = Client(headers={"accept-language": "en"}).get(ADDRESS)
    assert answer.status_code == 200
    return answer.content.decode()


def test_anybody_reads_it_without_an_account() -> None:
    assert reverse("discovery:privacy-show") == ADDRESS
    assert "What Vertebra sees and does not see" in page()


def test_an_empty_instance_says_that_nothing_is_kept() -> None:
    assert "this instance is empty" in page()


def test_only_what_is_in_use_is_told_as_kept() -> None:
    Survey.objects.create(kind="pulse", title="Pulse", language="en", state="open", created_at=world.NOW)
    seen = seen_on(world.NOW)
    assert [one.code for one in seen.in_use] == ["surveys"]
    assert "interviews" in [one.code for one in seen.not_in_use]
    assert seen.open_surveys == 1


def test_a_stance_whose_note_was_erased_is_no_longer_in_use() -> None:
    row = Stance.objects.create(
        kind="unit", object_id=1, unit=Unit.objects.create(created_at=world.NOW), level=1,
        noted_on=world.TODAY, created_at=world.NOW,
    )  # fmt: skip
    assert "stances" in [one.code for one in seen_on(world.NOW).in_use]
    row.erased_at = world.NOW
    row.save()
    assert "stances" not in [one.code for one in seen_on(world.NOW).in_use]


def test_it_tells_no_name_and_no_sentence() -> None:
    karim = person("Karim Diallo")
    Interview.objects.create(
        person=karim, language="en", notes="The board hides it.", created_at=world.NOW, changed_at=world.NOW
    )
    HelpRequest.objects.create(
        sentence="Our backlog is a mess", language="en", asked_at=world.NOW, changed_at=world.NOW
    )
    text = page()
    assert "Interviews" in text
    for secret in ("Karim", "board", "backlog"):
        assert secret not in text


def test_it_says_whether_mail_is_on(settings: Settings) -> None:
    assert "sends mail" in page()
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert "sends no mail" in page()


def test_keys_that_have_expired_open_nothing_and_are_not_counted() -> None:
    from vertebra.accounts.models import ApiToken

    owner = world.ines()
    for days, digest in ((1, "a"), (-1, "b")):
        ApiToken.objects.create(
            user=owner, name="tool", digest=digest, hint="x", created_at=world.NOW,
            expires_at=world.NOW + dt.timedelta(days=days),
        )  # fmt: skip
    assert seen_on(world.NOW).open_tokens == 1


def test_it_takes_few_queries(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_max_num_queries(5):
        page()
