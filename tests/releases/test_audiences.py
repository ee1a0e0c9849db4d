"""Audiences: whom rules reach, whom they miss, rules that cannot be."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from tests import world
from tests.org.company import LONG_AGO, area, person, unit
from tests.releases.made import champion, planned
from tests.roadmap.undertaken import browser
from vertebra.accounts.models import User
from vertebra.org.models import Market, Membership, Ownership, Person
from vertebra.releases.actions.audiences import NoName, WrongRules, change_audience, create_audience
from vertebra.releases.actions.releases import choose_audiences
from vertebra.releases.models import Audience
from vertebra.releases.queries.audiences import (
    people_on,
    reach,
    reached_by,
    reached_by_release,
    readers,
)
from vertebra.releases.queries.champions import champions_for
from vertebra.releases.queries.rule_words import Words

pytestmark = pytest.mark.django_db
NOW, TODAY = world.NOW, world.TODAY


@pytest.fixture
def field() -> dict[str, Any]:
    """Two markets, a team inside a tribe that owns an area, people of several functions."""
    spain = Market.objects.create(name="Spain", code="ES", created_at=NOW)
    tribe = unit("Tribe", slug="tribe")
    team = unit("Team", tribe)
    payments = area("Payments")
    Ownership.objects.create(unit=tribe, area=payments, starts_on=LONG_AGO)
    return {
        "spain": spain,
        "tribe": tribe,
        "payments": payments,
        "sam": person("Sam", tribe, "sales"),
        "eve": person("Eve", team, "engineering", country="ES"),
        "tom": person("Tom", unit("Elsewhere"), "support", email="tom@example.org"),
        "nina": champion("Nina", "sales", market=spain),
    }


def names(rules: dict[str, Any], day: dt.date = TODAY) -> set[str]:
    found = people_on(day).filter(reached_by([rules], day))
    return set(found.values_list("name", flat=True))


def made(karim: User, name: str, **rules: Any) -> Audience:
    return create_audience(actor=karim, name=name, rules=rules, now=NOW)


class TestWhom:
    def test_what_is_within_a_condition_holds_together_and_conditions_are_alternatives(
        self, field: dict[str, Any]
    ) -> None:
        units = [field["tribe"].pk]
        assert names({"any": [{"units": units}]}) == {"Sam", "Eve"}
        assert names({"any": [{"units": units, "functions": ["sales"]}]}) == {"Sam"}
        assert names({"any": [{"functions": ["sales"]}, {"functions": ["support"]}]}) == {"Sam", "Tom"}
        assert names({"any": [{"functions": ["sales", "support"]}]}) == {"Sam", "Tom"}

    def test_an_area_reaches_those_who_own_it_and_a_market_its_champions_and_its_country(
        self, field: dict[str, Any]
    ) -> None:
        assert names({"any": [{"areas": [field["payments"].pk]}]}) == {"Sam", "Eve"}
        assert names({"any": [{"markets": [field["spain"].pk]}]}) == {"Nina", "Eve"}
        assert names({"any": [{"roles": ["champion"]}]}) == {"Nina"}

    def test_in_front_of_customers_or_not(self, field: dict[str, Any]) -> None:
        assert names({"any": [{"customer_facing": True}]}) == {"Sam", "Tom"}
        assert names({"any": [{"customer_facing": False}]}) == {"Eve", "Nina"}

    def test_nobody_and_everybody(self, field: dict[str, Any]) -> None:
        assert names({}) == names({"any": []}) == set()
        assert names({"any": [{}]}) == {"Sam", "Eve", "Tom", "Nina"}
        assert names({"any": [{}], "except": [{"functions": ["engineering"]}]}) == {"Sam", "Tom", "Nina"}
        assert names({"any": [{"units": [999_999]}]}) == set()

    def test_who_leaves_is_not_reached_and_who_joins_is(self, field: dict[str, Any]) -> None:
        Person.objects.filter(pk=field["sam"].pk).update(left_on=TODAY)
        assert "Sam" not in names({"any": [{}]})
        Membership.objects.all_time().filter(person=field["tom"]).update(
            starts_on=TODAY + dt.timedelta(days=1)
        )
        assert names({"any": [{"functions": ["support"]}]}) == set()

    def test_an_audience_may_be_made_of_others(self, field: dict[str, Any], karim: User) -> None:
        sales = made(karim, "Sales", any=[{"functions": ["sales"]}])
        field_ = {"any": [{"audiences": [sales.pk]}, {"functions": ["support"]}]}
        assert names(field_) == {"Sam", "Tom"}

    def test_each_reader_has_their_main_function_and_their_language(
        self, field: dict[str, Any], karim: User, settings: Any
    ) -> None:
        settings.LANGUAGE_CODE = "fr"
        tribe = field["tribe"]
        Membership.objects.create(
            person=field["tom"], unit=tribe, function="sales", share=20, starts_on=LONG_AGO
        )
        Person.objects.filter(pk=field["sam"].pk).update(language="en")
        found = {one.person: one for one in readers(reached_by([{"any": [{}]}], TODAY), TODAY)}
        assert found[field["tom"].pk].function == "support"
        assert (found[field["sam"].pk].language, found[field["tom"].pk].language) == ("en", "fr")
        assert found[field["tom"].pk].email == "tom@example.org"


class TestRules:
    def test_an_audience_is_no_part_of_itself_however_far(self, karim: User) -> None:
        one = made(karim, "One", any=[{"functions": ["sales"]}])
        two = made(karim, "Two", any=[{"audiences": [one.pk]}])
        three = made(karim, "Three", any=[{"audiences": [two.pk]}])
        for number in (one.pk, two.pk, three.pk):
            with pytest.raises(WrongRules, match="itself"):
                change_audience(
                    actor=karim, audience=one, changes={"rules": {"any": [{"audiences": [number]}]}}, now=NOW
                )

    def test_a_circle_that_slipped_in_ends_all_the_same(self, karim: User, field: dict[str, Any]) -> None:
        one = made(karim, "One", any=[{"functions": ["sales"]}])
        rules = {"any": [{"audiences": [one.pk]}, {"functions": ["support"]}]}
        Audience.objects.filter(pk=one.pk).update(rules=rules)
        assert names(rules) == {"Tom"}

    @pytest.mark.parametrize(
        "rules",
        [
            {"some": []},
            {"any": "all"},
            {"any": [{"functions": "sales"}]},
            {"any": [{"functions": ["astrology"]}]},
            {"any": [{"units": ["1"]}]},
            {"any": [{"units": [True]}]},
            {"any": [{"password": ["x"]}]},
            {"any": [{"customer_facing": "yes"}]},
            {"any": [{}], "except": [{}]},
            {"any": [{"functions": ["sales"]}] * 21},
        ],
    )
    def test_rules_that_say_nothing_are_refused(self, karim: User, rules: dict[str, Any]) -> None:
        with pytest.raises(WrongRules):
            create_audience(actor=karim, name="X", rules=rules, now=NOW)
        assert not Audience.objects.exists()

    def test_two_audiences_in_use_have_two_names(self, karim: User) -> None:
        made(karim, "Sales", any=[{}])
        with pytest.raises(NoName):
            made(karim, "Sales", any=[{}])

    def test_rules_are_told_in_words(self, karim: User, field: dict[str, Any]) -> None:
        rules = {
            "any": [{"functions": ["sales", "support"], "units": [field["tribe"].pk]}, {}],
            "except": [{"customer_facing": True}],
        }
        said = Words(TODAY).said(rules)
        assert said == ["Sales or Support · Tribe", "Everybody", "Not: in front of customers"]


class TestReach:
    def test_it_counts_each_function_and_names_the_champions_it_misses(
        self, karim: User, field: dict[str, Any]
    ) -> None:
        row = planned(karim, area=field["payments"], markets=[field["spain"]])
        row_audience = made(karim, "Sales", any=[{"functions": ["sales"]}])
        choose_audiences(actor=karim, release=row, audiences=[row_audience], now=NOW)
        concerned = [one.person for one in champions_for(field["payments"].pk, [field["spain"].pk], TODAY)]
        told = reach(reached_by_release(row, TODAY), TODAY, concerned)
        assert (told.reached, told.all, told.without_mail) == (1, 4, 1)
        assert {one.code: (one.reached, one.all) for one in told.groups} == {
            "sales": (1, 1),
            "engineering": (0, 1),
            "support": (0, 1),
        }
        assert [one.name for one in told.missed] == ["Nina"]

    def test_a_release_without_an_audience_reaches_nobody(self, karim: User, field: dict[str, Any]) -> None:
        assert reach(reached_by_release(planned(karim), TODAY), TODAY).reached == 0


class TestPages:
    def test_one_sees_whom_it_reaches_before_it_is_saved(self, karim: User, field: dict[str, Any]) -> None:
        client = browser(karim)
        given = {
            "name": "The field",
            "conditions-TOTAL_FORMS": "1",
            "conditions-INITIAL_FORMS": "0",
            "conditions-0-functions": ["sales", "support"],
        }
        looked = client.post(reverse("releases:audience-create"), {**given, "look": "1"})
        assert looked.status_code == 200
        assert b"2 people" in looked.content and not Audience.objects.exists()
        client.post(reverse("releases:audience-create"), given)
        row = Audience.objects.get()
        assert row.rules == {"any": [{"functions": ["sales", "support"]}], "except": []}
        page = client.get(reverse("releases:audience-show", args=(row.pk,))).content.decode()
        assert "Sales or Support" in page
        reached = client.get(reverse("releases:audience-people", args=(row.pk,))).content.decode()
        missed = client.get(
            reverse("releases:audience-people", args=(row.pk,)) + "?side=missed"
        ).content.decode()
        assert ">Tom<" in reached and ">Eve<" not in reached
        assert ">Eve<" in missed and ">Tom<" not in missed

    def test_what_is_stored_comes_back_in_the_form_and_stays(
        self, karim: User, field: dict[str, Any]
    ) -> None:
        row = made(karim, "All", any=[{}], **{"except": [{"customer_facing": True}]})
        client = browser(karim)
        page = client.get(reverse("releases:audience-edit", args=(row.pk,)))
        given: dict[str, Any] = {"name": "Everybody else"}
        formset = page.context["conditions"]
        given |= {"conditions-TOTAL_FORMS": "3", "conditions-INITIAL_FORMS": "2"}
        for form in formset.initial_forms:
            given |= {
                form.add_prefix(name): value if not isinstance(value, bool) else "on"
                for name, value in form.initial.items()
                if value
            }
        client.post(reverse("releases:audience-edit", args=(row.pk,)), given)
        row.refresh_from_db()
        assert (row.name, row.rules) == (
            "Everybody else",
            {"any": [{}], "except": [{"customer_facing": True}]},
        )

    def test_a_page_tells_whom_a_release_reaches(self, karim: User, field: dict[str, Any]) -> None:
        row = planned(karim, markets=[field["spain"]])
        sales = made(karim, "Sales", any=[{"functions": ["sales"]}])
        client = browser(karim)
        client.post(reverse("releases:release-audiences", args=(row.pk,)), {"audiences": [sales.pk]})
        page = client.get(reverse("releases:release-reach", args=(row.pk,))).content.decode()
        assert "1 person" in page and "Champions it misses" in page and "Nina" in page
