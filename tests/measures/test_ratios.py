"""Ratios: counted from the directory, looked at ahead with a hiring plan that is taken whole."""

import datetime as dt
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from tests import world
from tests.evidence.world import team
from tests.org.company import LONG_AGO, person, unit
from vertebra.accounts.audit import NothingChanges
from vertebra.accounts.models import AuditEntry, User
from vertebra.measures.actions import ratios as actions
from vertebra.measures.actions.plans import import_plan
from vertebra.measures.models import Measurement, PlannedHire, RatioRule
from vertebra.measures.queries.ratios import counts_on, expected, rules, sentence, told
from vertebra.measures.readers.plans import read_plan

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
PLAN = "on,function,count,unit\n2027-03,Sales,3,Shop\n2027-02-01,Support,1,\n"


@pytest.fixture
def ines() -> User:
    cache.clear()
    return world.english(world.ines())


@pytest.fixture
def company() -> None:
    """One product manager for five in sales and support."""
    shop = unit("Shop")
    person("Pia", shop, "product")
    for number in range(3):
        person(f"Sam {number}", shop, "sales")
    for number in range(2):
        person(f"Sue {number}", shop, "support")


def plan_of(tmp_path: Path, text: str = PLAN) -> object:
    path = tmp_path / "plan.csv"
    path.write_text(text, encoding="utf-8")
    return read_plan(path, world.TODAY)


def take(tmp_path: Path, text: str = PLAN) -> object:
    plan = plan_of(tmp_path, text)
    assert not plan.problems  # type: ignore[attr-defined]
    return import_plan(actor=None, hires=plan.hires, source="HR", now=world.NOW)  # type: ignore[attr-defined]


def test_the_first_sentence_says_for_how_many_there_is_one_today_and_later(
    company: None, ines: User, tmp_path: Path
) -> None:
    actions.adopt_ratios(actor=ines, language="en", now=world.NOW)
    take(tmp_path)
    found = told(rules(), counts_on(world.TODAY), expected(world.TODAY), world.TODAY)
    sales = next(one for one in found if "sales" in one.rule.many)
    assert sentence(sales) == (
        "One product manager for 5 people in sales and support today, one for 9 in March 2027."
    )
    assert sales.crosses_on == dt.date(2027, 3, 1)
    assert not sales.is_above


def test_taking_the_usual_ratios_makes_each_a_metric_counted_for_three_years(
    company: None, ines: User
) -> None:
    actions.adopt_ratios(actor=ines, language="en", now=world.NOW)
    assert actions.record_ratios(actor=None, now=world.NOW) > 0
    rule = RatioRule.objects.get(name="Sales and support per product manager")
    values = Measurement.objects.filter(metric=rule.metric, part="", superseded_at=None).order_by("on")
    assert values[0].on == LONG_AGO.replace(day=1)
    assert values.count() == 35
    assert {row.value for row in values} == {5}
    assert actions.record_ratios(actor=None, now=world.NOW) == 0
    with pytest.raises(NothingChanges):
        actions.adopt_ratios(actor=ines, language="en", now=world.NOW)


def test_a_ratio_counts_some_for_others(ines: User) -> None:
    with pytest.raises(actions.NothingCounted):
        actions.create_ratio(
            actor=ines, name="All", many=["sales"], one=["sales"], threshold=None, is_per_unit=False, language="en",
            now=world.NOW,
        )  # fmt: skip


def test_the_same_plan_twice_changes_nothing_and_a_new_one_takes_its_place(
    company: None, tmp_path: Path
) -> None:
    first = take(tmp_path)
    entries = AuditEntry.objects.count()
    again = take(tmp_path)
    assert (first.new, again.new, again.same, again.gone) == (2, 0, 2, 0)  # type: ignore[attr-defined]
    assert AuditEntry.objects.count() == entries
    later = take(tmp_path, "on,function,count\n2027-05-01,PM,1\n")
    assert (later.new, later.gone) == (1, 2)  # type: ignore[attr-defined]
    assert PlannedHire.objects.filter(archived_at=None).get().function == "product"
    assert take(tmp_path).changed == 2  # type: ignore[attr-defined]


def test_each_fault_of_a_plan_is_told_with_its_line(company: None, tmp_path: Path) -> None:
    text = "date;fonction;nombre;équipe\nbientôt;Commercial;2;\n2027-01-01;Jongleur;1;\n2027-01-01;Ingénierie;1,5;Nulle part\n"
    plan = plan_of(tmp_path, text)
    found = [(one["line"], one["column"], one["code"]) for one in plan.problems]  # type: ignore[attr-defined]
    assert found == [
        (2, "on", "not_a_date"), (2, "function", "choice_unknown"), (3, "function", "choice_unknown"),
        (4, "count", "not_a_number"), (4, "unit", "place_unknown"),
    ]  # fmt: skip


def test_a_plan_with_a_fault_is_not_taken_and_says_what_to_do(
    client: Client, company: None, ines: User
) -> None:
    client.force_login(ines)
    text = PLAN + "never,Sales,1,\n"
    answer = client.post(
        reverse("measures:plan-upload"),
        {"file": SimpleUploadedFile("plan.csv", text.encode()), "source": "HR"},
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "plan.csv:4" in page
    assert "“never” is not a date." in page
    assert not PlannedHire.objects.exists()


def test_the_page_has_its_figures_in_few_questions(
    client: Client, ines: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for name in ("North", "South"):
        team(name, 9)
    actions.adopt_ratios(actor=ines, language="en", now=world.NOW)
    actions.record_ratios(actor=None, now=world.NOW)
    client.force_login(ines)
    client.get(reverse("measures:ratio-list"))
    with django_assert_max_num_queries(12):
        answer = client.get(reverse("measures:ratio-list"))
    assert "Nobody for 18 engineers today" in answer.content.decode()
    past = client.get(reverse("measures:ratio-list") + "?as_of=1999-01-01").content.decode()
    assert "Nobody for 0 engineers today" in past
