"""The dirt of real files: circles, shared addresses, absurd values, any script, any markup."""

import datetime as dt
from typing import Any

import pytest

from tests import world
from tests.org.importing import bring, company, record, tables, to
from vertebra.org.importing.actions import HasErrors
from vertebra.org.models import Person, UnitVersion
from vertebra.sources.models import Source

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
LATER = world.TODAY + dt.timedelta(days=30)


def version(name: str) -> Any:
    return UnitVersion.objects.all_time().get(name=name, ends_on=None)


def test_a_circle_of_units_is_cut_and_said() -> None:
    records = company(tribe={"parent": to("unit", "cart")})
    outcome = bring(records)
    assert [(one.code, one.is_blocking) for one in outcome.plan.troubles] == [("circle", False)]
    assert {None} < set(UnitVersion.objects.all_time().values_list("parent", flat=True))
    assert bring(records).entry is None


def test_a_circle_through_what_is_already_known_is_cut_too() -> None:
    bring(company())
    outcome = bring([record("unit", "tribe", name="Selling", kind="tribe", parent=to("unit", "cart"))])
    assert [one.code for one in outcome.plan.troubles] == ["circle"]
    assert version("Selling").parent is None


def test_people_may_report_in_a_circle() -> None:
    bring(company(ada={"manager": to("person", "bo")}))
    assert Person.objects.get(name="Ada Lind").manager == Person.objects.get(name="Bo Chen")


def test_an_address_of_two_people_stays_with_one_and_is_said() -> None:
    records = company(cy={"email": "Ada@Example.org"})
    outcome = bring(records)
    assert [one.code for one in outcome.plan.troubles] == ["email_twice"]
    assert Person.objects.get(name="Ada Lind").email == "ada@example.org"
    assert Person.objects.get(name="Cy Roux").email == ""
    assert bring(records).entry is None


def test_two_people_may_exchange_their_addresses() -> None:
    bring(company())
    bring(company(ada={"email": "bo@example.org"}, bo={"email": "ada@example.org"}))
    assert Person.objects.get(name="Ada Lind").email == "bo@example.org"


def test_everything_wrong_is_told_at_once_and_nothing_is_changed() -> None:
    before = tables()
    records = company(
        cart={"name": "x" * 10_000},
        m1={"share": 0},
        m2={"share": 250},
        pm={"starts_on": LATER, "ends_on": world.TODAY},
    )
    with pytest.raises(HasErrors) as refused:
        bring(records)
    assert {(one.code, one.line) for one in refused.value.plan.troubles} == {
        ("too_long", 4),
        ("share_out_of_range", 11),
        ("share_out_of_range", 12),
        ("ends_before_start", 13),
    }
    assert all(one.what and one.remedy for one in refused.value.plan.troubles)
    assert tables() == before
    assert not Source.objects.exists()


def test_any_script_any_emoji_and_any_html_is_kept_as_it_is() -> None:
    names = [
        "محمد العربي",
        "👩🏽‍💻 Zoë",
        "<script>alert(1)</script>",
        "=2+3",
        "Ŧ" * 200,
        'O\'Brien "Bob" \\ ; --',
    ]
    bring([record("person", f"p{number}", name=name, title=name) for number, name in enumerate(names)])
    assert sorted(Person.objects.values_list("name", flat=True)) == sorted(names)
    assert (
        bring([record("person", f"p{n}", name=name, title=name) for n, name in enumerate(names)]).entry
        is None
    )
