"""Whoever is asked something can read, without an account, what this instance keeps and what it does not."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import DjangoAssertNumQueries, Settings

from tests import world
from tests.org.company import person
from vertebra.accounts.models import User
from vertebra.discovery.models import HelpRequest, Interview, Stance
from vertebra.discovery.queries.privacy import filled, seen_on
from vertebra.discovery.shipped.privacy import DOCUMENTS, LANGUAGES, draft
from vertebra.evidence.models import Survey
from vertebra.org.models import Unit

pytestmark = pytest.mark.django_db
ADDRESS = "/privacy/"
PLACE = re.compile(r"\$[a-z_]+")


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


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("document", ["notice", "register", "impact"])
def test_each_draft_is_filled_with_what_is_in_use_and_nothing_is_left_to_fill(
    document: str, language: str
) -> None:
    Survey.objects.create(kind="pulse", title="Pulse", language="en", created_at=world.NOW)
    text = filled(document, language, world.NOW)
    assert "$" not in text
    assert "[" in text
    with translation.override(language):
        used, unused = (
            str(one.name) for one in (seen_on(world.NOW).in_use[0], seen_on(world.NOW).not_in_use[0])
        )
    assert f"**{used}**" in text
    assert f"- {unused}" in text
    assert f"**{unused}**" not in text


def test_both_languages_of_a_draft_have_the_same_parts() -> None:
    for document in DOCUMENTS:
        shapes = [
            [(line.partition(" ")[0], line.count("|")) for line in draft(document, language).template.splitlines()
             if line.startswith(("#", "|", "-", "1."))]
            for language in LANGUAGES
        ]  # fmt: skip
        assert shapes[0] == shapes[1], document
        places = [set(PLACE.findall(draft(document, language).template)) for language in LANGUAGES]
        assert places[0] == places[1], document


def test_drafts_are_had_by_administrators_and_product_ops_only() -> None:
    url = reverse("discovery:privacy-document-show", args=("register", "fr"))
    for user, status in ((world.ada(), 200), (world.ines(), 200), (world.lea(), 403)):
        client = Client()
        client.force_login(user)
        answer = client.get(url)
        assert answer.status_code == status
        assert client.get(reverse("discovery:privacy-document-list")).status_code == status
    assert Client().get(url).status_code == 302
    ada = Client()
    ada.force_login(User.objects.get(email="ada@example.org"))
    answer = ada.get(url)
    assert answer["Content-Type"].startswith("text/markdown")
    assert 'filename="vertebra-register-fr.md"' in answer["Content-Disposition"]
    assert ada.get("/administration/privacy/secrets/fr/").status_code == 404
