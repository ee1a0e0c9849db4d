"""Audiences of nobody, of everybody and of each other; a champion for everything."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import world
from tests.org.company import area, person, unit
from tests.releases.made import champion, planned
from tests.releases.test_consultations import asked
from tests.roadmap.undertaken import browser
from vertebra.accounts.models import Message, User
from vertebra.evidence.asks import MOST_A_WEEK
from vertebra.org.labels import Function, MandateRole
from vertebra.org.models import Area, Mandate, Market, Person
from vertebra.releases.actions.audiences import WrongRules, change_audience, create_audience
from vertebra.releases.models import Audience, ConsultationAsk
from vertebra.releases.queries.audiences import people_on, reached_by, reached_by_release
from vertebra.releases.queries.rules import MOST_DEEP
from vertebra.releases.queries.telling import whom_it_concerns, whom_to_tell

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
NOW, TODAY = world.NOW, world.TODAY
SELLERS: dict[str, Any] = {"any": [{"functions": ["sales"]}]}


@pytest.fixture
def karim() -> User:
    return world.english(world.karim())


@pytest.fixture
def client(karim: User) -> Client:
    return browser(karim)


def of(*audiences: Audience) -> dict[str, Any]:
    return {"any": [{"audiences": [one.pk for one in audiences]}]}


def made(actor: User, name: str, rules: dict[str, Any]) -> Audience:
    return create_audience(actor=actor, name=name, rules=rules, now=NOW)


def reached(rules: dict[str, Any]) -> set[str]:
    return set(people_on(TODAY).filter(reached_by([rules], TODAY)).values_list("name", flat=True))


class TestNobodyAndEverybody:
    @pytest.mark.parametrize("rules", [{}, {"any": []}, {"any": [{"units": [10**6]}]}, {"any": [{}]}])
    def test_its_pages_open_and_say_whom_it_reaches(
        self, client: Client, karim: User, rules: dict[str, Any]
    ) -> None:
        person("Sam Field", unit("Sales"), "sales")
        row = made(karim, "Strange", rules)
        release = planned(karim, "Refunds", audiences=[row])
        for name, number in (
            ("audience-show", row.pk), ("audience-edit", row.pk), ("release-reach", release.pk),
            ("release-show", release.pk), ("announcement-plan", release.pk), ("release-awareness", release.pk),
        ):  # fmt: skip
            assert client.get(reverse(f"releases:{name}", args=(number,))).status_code == 200, name

    def test_everybody_but_everybody_is_refused(self, karim: User) -> None:
        with pytest.raises(WrongRules, match="leave everybody out"):
            made(karim, "Nobody at all", {"any": [{}], "except": [{}]})


class TestCircles:
    def test_a_circle_by_those_who_are_left_out_is_one_too(self, karim: User) -> None:
        one = made(karim, "One", SELLERS)
        two = made(karim, "Two", {"any": [{}], "except": of(one)["any"]})
        with pytest.raises(WrongRules, match="itself"):
            change_audience(actor=karim, audience=one, changes={"rules": of(two)}, now=NOW)

    def test_a_ring_and_a_crowd_that_know_each_other_end_all_the_same(self, karim: User) -> None:
        person("Sam Field", unit("Sales"), "sales")
        crowd = [made(karim, f"Crowd {number}", SELLERS) for number in range(12)]
        for one in crowd:
            rules = {"any": [*of(*(other for other in crowd if other != one))["any"], *SELLERS["any"]]}
            Audience.objects.filter(pk=one.pk).update(rules=rules)
        assert reached(of(crowd[0])) == {"Sam Field"}

    def test_a_ladder_that_doubles_at_each_step_is_refused_before_it_costs_anything(
        self, karim: User
    ) -> None:
        person("Sam Field", unit("Sales"), "sales")
        steps = [made(karim, "Ground a", SELLERS), made(karim, "Ground b", SELLERS)]
        with pytest.raises(WrongRules, match="conditions at most"):
            for level in range(30):
                steps = [made(karim, f"Step {level} {side}", of(*steps)) for side in "ab"]
        assert level < MOST_DEEP
        assert reached(of(*steps)) == {"Sam Field"}

    def test_a_long_chain_is_refused_from_either_end(self, karim: User) -> None:
        chain = [made(karim, "Link 0", SELLERS)]
        with pytest.raises(WrongRules, match="deep"):
            for number in range(1, 40):
                chain.append(made(karim, f"Link {number}", of(chain[-1])))
        assert len(chain) == MOST_DEEP + 1
        below = made(karim, "Below", SELLERS)
        with pytest.raises(WrongRules, match="deep"):
            change_audience(actor=karim, audience=chain[0], changes={"rules": of(below)}, now=NOW)
        change_audience(actor=karim, audience=chain[-1], changes={"rules": of(below)}, now=NOW)

    def test_two_hundred_beside_each_other_are_one_audience(self, karim: User) -> None:
        person("Sam Field", unit("Sales"), "sales")
        many = Audience.objects.bulk_create(
            Audience(name=f"Part {number}", rules=SELLERS, created_at=NOW, changed_at=NOW)
            for number in range(200)
        )
        row = made(karim, "All parts", of(*many))
        assert reached(of(*many)) == {"Sam Field"}
        assert reached({"any": [{"audiences": [row.pk]}]}) == {"Sam Field"}
        with pytest.raises(WrongRules, match="conditions at most"):
            made(karim, "And one more", {"any": [*of(row)["any"], {"functions": ["support"]}]})

    def test_a_release_for_many_full_audiences_is_resolved(self, karim: User) -> None:
        person("Sam Field", unit("Sales"), "sales")
        full = {"any": [{"functions": ["support"], "countries": [f"C{number}"]} for number in range(20)]}
        others = [made(karim, f"Full {number}", full) for number in range(4)]
        heavy = [made(karim, f"Heavy {number}", of(*others)) for number in range(7)]
        row = planned(karim, "Refunds", audiences=[*heavy, made(karim, "Sellers", SELLERS)])
        found = people_on(TODAY).filter(reached_by_release(row, TODAY))
        assert set(found.values_list("name", flat=True)) == {"Sam Field"}


class TestChampionForEverything:
    @pytest.fixture
    def company(self) -> None:
        """Twelve areas and four markets, each with a champion of its own, and one person for all of it."""
        everything = person("Omni Roux", email="omni@field.example", language="en")
        places: list[dict[str, Any]] = [
            *({"area": area(f"Area {number}")} for number in range(12)),
            *(
                {"market": Market.objects.create(name=f"Market {number}", created_at=NOW)}
                for number in range(4)
            ),
        ]
        for number, place in enumerate(places):
            champion(f"Own {number}", "sales", email=f"own{number}@field.example", language="en", **place)
        Mandate.objects.bulk_create(
            Mandate(person=everything, role=MandateRole.CHAMPION, function=function, starts_on=TODAY, **place)
            for place in places
            for function in Function.values
        )

    def test_they_do_not_come_first_everywhere_nor_alone(self, company: None) -> None:
        first = []
        for row in Mandate.objects.filter(person__name__startswith="Own", area__isnull=False):
            told = whom_it_concerns(areas={row.area_id or 0}, now=NOW)
            names = [told.people[one.champion].name for one in told.answer.proposals]
            assert row.person is not None and row.person.name in names
            first.append(names[0])
        assert "Omni Roux" not in first

    def test_they_are_asked_for_two_things_a_week_whoever_asks(self, company: None) -> None:
        ines = world.ines()
        omni = Mandate.objects.filter(person__name="Omni Roux").first()
        assert omni is not None and omni.person is not None
        for number in range(9):
            asked(ines, omni.person, title=f"Change {number}")
        states = list(ConsultationAsk.objects.values_list("state", flat=True))
        assert states.count("waiting") == MOST_A_WEEK == Message.objects.count()
        assert states.count("held") == 9 - MOST_A_WEEK

    def test_their_desk_and_the_load_open_within_their_budget(self, company: None) -> None:
        user = world.english(world.lea())
        Person.objects.filter(name="Omni Roux").update(user=user)
        for who, name in ((user, "desk"), (world.english(world.ines()), "champion-list")):
            client = browser(who)
            client.get(reverse(f"releases:{name}"))
            with CaptureQueriesContext(connection) as found:
                page = client.get(reverse(f"releases:{name}"))
            assert page.status_code == 200 and len(page.content) < 150_000
            assert len(found) <= 12, [one["sql"][:90] for one in found]

    def test_a_text_that_names_everything_is_answered_with_a_few_of_whom_most_are_near(
        self, company: None
    ) -> None:
        text = " ".join(f"Area {number}." for number in range(12))
        told = whom_it_concerns(areas=set(Area.objects.values_list("pk", flat=True)), now=NOW)
        assert len(told.answer.proposals) == 12
        near = [told.people[one.champion].name for one in told.answer.proposals]
        assert sum(name.startswith("Own") for name in near) >= 11
        assert len(whom_to_tell(text * 500, now=NOW).answer.proposals) <= 12
