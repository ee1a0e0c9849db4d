"""Pages of checks: chosen and tried by those who build a practice, read by others as far as they may."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests import world
from tests.org.company import person, unit
from tests.practices import tracked
from vertebra.accounts.models import User
from vertebra.org.models import Membership
from vertebra.practices.models import Check, CheckTrial, Practice
from vertebra.practices.queries import looking
from vertebra.sources.models import Connection, Source

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def calm(monkeypatch: pytest.MonkeyPatch, settings: object) -> None:
    """Two weeks are enough; the clock stands still."""
    cache.clear()
    monkeypatch.setattr(looking, "TRIED_WEEKS", 2)
    settings.FIXED_NOW = world.NOW  # type: ignore[attr-defined]


def signed_in(user: User) -> Client:
    """A browser of somebody who reads English."""
    client = Client()
    client.force_login(world.english(user))
    return client


def page(client: Client, name: str, *args: object, status: int = 200) -> str:
    """What a page says."""
    answer = client.get(reverse(f"practices:{name}", args=args))
    assert answer.status_code == status, answer.status_code
    return " ".join(answer.content.decode().split())


def post(client: Client, page_name: str, *args: object, **data: object) -> str:
    """What the page says to which a button leads."""
    answer = client.post(reverse(f"practices:{page_name}", args=args), data, follow=True)
    return " ".join(answer.content.decode().split())


def try_now() -> None:
    """Do what the worker would."""
    for trial in CheckTrial.objects.filter(state="waiting"):
        looking.try_on_past(trial, world.NOW)


def test_a_check_goes_from_the_library_to_the_page_of_a_team(tmp_path: Path) -> None:
    tribe, large, small = tracked.bring(tmp_path)
    practice, ines = tracked.practice(), signed_in(world.ines())
    assert "Nothing is looked at yet" in page(ines, "check-list", practice.pk)
    said = post(ines, "check-choice", practice.pk, "no_estimate")
    assert "has this check already" in post(ines, "check-choice", practice.pk, "no_estimate")
    assert practice.checks.count() == 1
    assert "Taken: it is off, and being tried on the past." in said
    assert 'hx-trigger="load delay:2s"' in page(ines, "check-list", practice.pk)
    check = Check.objects.get()
    said = post(ines, "check-switching", check.pk)
    assert "Try it on the past first" in said
    try_now()
    said = page(ines, "check-show", check.pk)
    assert "This week it would point at <b>15</b> of 60 items (25 %)" in said
    assert "SHOP-" in said
    assert "On: teams see their own figures now" in post(ines, "check-switching", check.pk)
    looking.count_all(world.NOW)
    karim = world.karim()
    Membership.objects.create(
        person=person("Karim Diallo", user=karim),
        unit=large,
        function="engineering",
        starts_on=dt.date(2020, 1, 1),
    )
    team = page(signed_in(karim), "unit-checks", large.pk)
    assert "fewer than five people: see" in team
    assert "Payments" in team
    lea = signed_in(world.lea())
    assert "No practice looks at anything here yet" in page(lea, "unit-checks", tribe.pk)
    assert "SHOP-" not in page(lea, "check-show", check.pk)
    assert "Try it on the past" not in page(lea, "check-show", check.pk)
    assert small.pk


def test_an_own_check_is_written_with_its_mistakes_told(tmp_path: Path) -> None:
    tracked.bring(tmp_path)
    practice, ines = tracked.practice(), signed_in(world.ines())
    said = post(
        ines, "check-create", practice.pk, name="Review", flags='statuss = "Review"', among="", how=""
    )
    assert "Character 1: There is no field “statuss”: did you mean “status”?" in said
    post(
        ines,
        "check-create",
        practice.pk,
        name="Long",
        flags="days_since(status_since) > 40",
        among='category = "doing"',
        how="Talk.",
    )
    try_now()
    check = Check.objects.get()
    said = page(ines, "check-show", check.pk)
    assert "<code>days_since(status_since) &gt; 40</code>" in said
    post(
        ines,
        "check-edit",
        check.pk,
        name="Long",
        flags="days_since(status_since) > 50",
        among="",
        how="Talk.",
    )
    check.refresh_from_db()
    assert (check.flags, check.among) == ("days_since(status_since) > 50", "")


def test_what_may_come_next_is_offered(tmp_path: Path) -> None:
    tracked.bring(tmp_path)
    ines = signed_in(world.ines())
    address = reverse("practices:check-completions")
    said = ines.get(
        address, {"flags": "status = ", "at": "9"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert 'data-text="&quot;In Progress&quot;" data-start="9"' in said
    for asked in ({"flags": "x" * 5000, "at": "99999999999"}, {"flags": "\x00'", "at": "-1"}, {}):
        assert ines.get(address, asked).status_code == 200


def test_a_rule_is_written_and_a_habit_taken(tmp_path: Path) -> None:
    tracked.bring(tmp_path)
    practice, ines = tracked.practice(), signed_in(world.ines())
    assert "In Progress" in page(ines, "rule-create", practice.pk)
    assert "Write two steps at least" in post(ines, "rule-create", practice.pk, rule="before", steps="Done")
    assert "Say within how many working days" in post(
        ines, "rule-create", practice.pk, rule="answer", steps="Open\nDone"
    )
    said = post(ines, "rule-create", practice.pk, rule="answer", steps="Open\nIn Progress\nDone", days="2")
    assert "“Open” is answered within 2 working days by “In Progress”, “Done”" in said
    looking.find_habits(world.NOW)
    said = page(ines, "check-list", practice.pk)
    assert "% of 90 past items agreed" in said
    from vertebra.practices.models import RuleSuggestion

    post(ines, "suggestion-choice", practice.pk, RuleSuggestion.objects.order_by("pk")[0].pk)
    assert Check.objects.filter(kind="rule").count() == 2


def test_only_those_who_build_a_practice_change_its_checks() -> None:
    practice, lea = tracked.practice(), signed_in(world.lea())
    assert page(lea, "check-list", practice.pk)
    answer = lea.post(reverse("practices:check-choice", args=(practice.pk, "stale")))
    assert answer.status_code in {403, 404}
    karim = signed_in(world.karim())
    answer = karim.post(reverse("practices:check-choice", args=(practice.pk, "stale")))
    assert answer.status_code in {403, 404}
    assert not Check.objects.exists()


def test_a_team_adapts_a_check_with_a_reason_and_an_end() -> None:
    practice, ines = tracked.practice(), signed_in(world.ines())
    post(ines, "check-choice", practice.pk, "stale")
    check, team = Check.objects.get(), unit("Shop")
    given = {"unit": team.pk, "days": 30, "reason": "Long builds.", "ends_on": "2027-01-31"}
    assert "This field is required." in post(ines, "check-adaptation", check.pk, **{**given, "reason": ""})
    assert "Long builds." in post(ines, "check-adaptation", check.pk, **given)
    assert check.adaptations.get().parameters == {"days": 30}
    post(ines, "scope-create", check.pk, unit=team.pk)
    assert [one.unit_id for one in check.scopes.all()] == [team.pk]
    post(ines, "scope-removal", check.pk, team.pk)
    assert not check.scopes.exists()
    post(ines, "check-archiving", check.pk)
    check.refresh_from_db()
    assert check.archived_at is not None


def test_the_way_into_jira_is_a_search(tmp_path: Path) -> None:
    tracked.bring(tmp_path)
    source = Source.objects.get()
    source.kind = "jira"
    source.save()
    Connection.objects.create(source=source, address="https://shop.example.org/")
    practice, ines = tracked.practice(), signed_in(world.ines())
    post(ines, "check-choice", practice.pk, "no_priority")
    try_now()
    said = page(ines, "check-show", Check.objects.get().pk)
    assert 'href="https://shop.example.org/issues/?jql=priority%20IS%20EMPTY"' in said
    assert 'href="https://shop.example.org/browse/SHOP-' in said
    Connection.objects.update(address="javascript:alert(1)")
    assert "javascript:" not in page(ines, "check-show", Check.objects.get().pk)
    assert Practice.objects.count() == 1
