"""Who knows: groups of five or more, whatever is asked of the page; who may look."""

import csv
import datetime as dt
import itertools
import pickle
import random
import re
from collections import Counter
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import world
from tests.org.company import person, unit
from tests.releases.made import major, planned
from tests.releases.told import ready, say, tell, who_knows
from tests.roadmap.undertaken import browser
from vertebra.accounts.models import User
from vertebra.analysis.awareness import Word
from vertebra.analysis.crossing import weakest
from vertebra.org.models import Market, Membership, Person, Unit
from vertebra.releases.actions.reading import say_word
from vertebra.releases.jobs.awareness import count_who_knows, is_count_due
from vertebra.releases.models import CheckCount, Receipt, Recipient, Release, ReleaseCheck
from vertebra.releases.queries.awareness import (
    ALL,
    VERSION,
    Awareness,
    Group,
    awareness_of,
    count_again,
    count_due,
)
from vertebra.releases.queries.understanding import answers_of

pytestmark = pytest.mark.django_db
NOW, TODAY = world.NOW, world.TODAY


def crowd(team: Unit, function: str, count: int, country: str = "") -> list[Person]:
    return [person(f"{function} {team.pk} {at}", team, function, country=country) for at in range(count)]


def group(found: tuple[Group, ...], key: object) -> Group:
    return next(one for one in found if one.key == str(key))


def known(row: Release) -> Awareness:
    count_again(row, NOW)
    found = awareness_of(row)
    assert found is not None
    return found


class TestFigures:
    def test_the_curve_stands_against_the_day_and_groups_say_what_they_know(self, karim: User) -> None:
        row = planned(karim, planned_on=TODAY)
        company = unit("Company", None, "company")
        paris, lyon = unit("Paris", company), unit("Lyon", company)
        sales, support = crowd(paris, "sales", 20), crowd(lyon, "support", 20)
        tell(row, [*sales, *support])
        say(row, sales[:12], days_ago=6)
        say(row, support[:6], "acknowledged", days_ago=3)
        found = known(row)
        assert [(step.on, step.heard) for step in found.steps] == [
            (TODAY - dt.timedelta(days=6), 10),
            (TODAY - dt.timedelta(days=3), 15),
        ]
        assert found.share_before(TODAY) == 15 / 40
        assert found.whole and (found.told, found.whole.understood, found.whole.unheard) == (40, 10, 20)
        assert group(found.units, paris.pk).heard == 10 and group(found.units, lyon.pk).heard == 5
        assert group(found.functions, "support").unheard == 10
        text = who_knows(browser(karim), row)
        assert "Of <b>40 people</b> who were told, at least <b>15</b>" in text
        assert "at least <b>37%</b>" in text and "<svg" in text
        assert "Paris" in who_knows(browser(karim), row, f"?in={company.pk}")

    def test_nobody_told_and_too_little_said_is_said(self, karim: User) -> None:
        row = planned(karim)
        assert "Nobody was told yet" in who_knows(browser(karim), row)
        people = crowd(unit("Team"), "sales", 9)
        tell(row, people)
        assert "nothing can be told of it" in who_knows(browser(karim), row)
        say(row, people[:4])
        count_again(row, NOW)
        text = who_knows(browser(karim), row)
        assert "nothing can be told of it" in text and "time-chart" not in text

    def test_markets_are_sums_of_what_functions_tell(self, karim: User) -> None:
        france, spain = (
            Market.objects.create(name=name, code=name[:2], created_at=NOW) for name in ("France", "Spain")
        )
        row, team = planned(karim), unit("Team")
        sales = crowd(team, "sales", 12, "France") + crowd(team, "sales", 12, "Sp")
        support = crowd(team, "support", 12, "France") + crowd(team, "support", 2, "Spain")
        tell(row, [*sales, *support])
        say(row, [*sales[:6], *sales[12:18], *support[:6]])
        found = known(row)
        functions = {one.key: one for one in found.functions}
        for market in found.markets:
            parts = [
                one
                for key, one in functions.items()
                if key.endswith(f"/{market.market}") and one.as_of == key
            ]
            assert (market.told, market.heard) == (sum(p.told for p in parts), sum(p.heard for p in parts))
        assert {one.market for one in found.markets} <= {france.pk, spain.pk} and found.markets
        assert functions[f"support/{spain.pk}"].as_of in ("support", ALL)
        assert "France" in who_knows(browser(karim), row, "?by=markets")

    def test_a_market_of_many_of_whom_few_or_nobody_said_anything_is_said_to_be_kept_back(
        self, karim: User
    ) -> None:
        for name in ("France", "Spain", "Italy", "Malta"):
            Market.objects.create(name=name, code=name[:2], created_at=NOW)
        row, team = planned(karim), unit("Team")
        france, spain, italy = (crowd(team, "sales", 20, name) for name in ("France", "Spain", "Italy"))
        tell(row, [*france, *spain, *italy, *crowd(team, "sales", 3, "Malta")])
        say(row, [*france[:10], *spain[:3]])
        found = known(row)
        for name in ("Spain", "Italy", "Malta"):
            key = f"sales/{Market.objects.get(name=name).pk}"
            assert group(found.functions, key).as_of != key, "few said it; and nobody would be each of them"
        page = who_knows(browser(karim), row, "?by=markets")
        assert page.count("too few people") == 1 and page.count(">kept back") >= 2
        assert re.search(r"Spain</td>\s*<td[^>]*>20</td>\s*<td[^>]*>kept back", page)
        assert re.search(r"Malta</td>\s*<td[^>]*>3</td>\s*<td[^>]*>too few people", page)
        page = who_knows(browser(karim), row, "?by=functions&in=sales")
        assert "too few to tell" not in page and "kept back" in page

    def test_who_moves_or_leaves_changes_no_figure(self, karim: User) -> None:
        row, team = planned(karim), unit("Team")
        people = crowd(team, "sales", 15)
        tell(row, people)
        say(row, people[:10])
        before = known(row)
        Person.objects.filter(pk=people[0].pk).update(left_on=TODAY - dt.timedelta(days=1))
        Membership.objects.all_time().filter(person=people[1]).update(ends_on=TODAY)
        assert known(row) == before

    def test_it_is_counted_once_a_day(self, karim: User) -> None:
        row, people = planned(karim), crowd(unit("Team"), "sales", 20)
        tell(row, people)
        say(row, people[:10])
        assert count_due(NOW) == [row] and is_count_due()
        count_who_knows.call()
        first = awareness_of(row)
        say(row, people[10:15])
        assert count_due(NOW) == [] and awareness_of(row) == first
        later = NOW + dt.timedelta(days=1)
        assert count_due(later) == [row] and not count_due(NOW)
        after = count_again(row, later)
        assert after and after.whole and first and first.whole and after.whole.heard > first.whole.heard
        tell(row, crowd(unit("Other"), "support", 9))
        assert count_due(later) == [row]
        assert count_due(NOW + dt.timedelta(days=300)) == [row]

    def test_looking_whether_one_is_due_reads_no_figures_however_many_were_told(
        self, karim: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        row, people = planned(karim), crowd(unit("Team"), "sales", 12)
        tell(row, people)
        count_who_knows.call()
        unread = pickle.loads
        monkeypatch.setattr(pickle, "loads", lambda told: smaller(told, unread))
        assert count_due(NOW) == []
        assert count_due(NOW + dt.timedelta(days=1)) == [row]

    def test_what_the_cache_forgot_is_counted_again(self, karim: User) -> None:
        row = planned(karim)
        tell(row, crowd(unit("Team"), "sales", 12))
        count_who_knows.call()
        cache.delete(f"awareness:{VERSION}:{row.pk}")
        assert awareness_of(row) is None
        assert count_due(NOW) == [row]

    def test_looking_at_a_release_of_which_nobody_was_told_writes_nothing(self, karim: User) -> None:
        row = planned(karim)
        with CaptureQueriesContext(connection) as asked:
            assert awareness_of(row) is None
        assert not [one["sql"] for one in asked if not one["sql"].startswith("SELECT")]


def smaller(told: bytes, unread: Any) -> Any:
    """What was kept, refused where it is more than a line."""
    assert len(told) < 200
    return unread(told)


def cells(row: Release, people: list[Person], units: dict[int, str], found: Awareness) -> Counter[Any]:
    """Whom each figure of the page is about: teams and functions as they are told, and what is told of everybody."""
    words = dict(Receipt.objects.filter(release=row).values_list("person", "state"))
    order = {"": "0", "question": "1", "acknowledged": "2", "understood": "3"}
    bands = {
        word: at for at, band in enumerate(found.whole.bands if found.whole else ()) for word in band.words
    }
    as_of = {("u", one.key): one.as_of for one in found.units} | {
        ("f", one.key): one.as_of for one in found.functions
    }
    lines: Counter[Any] = Counter()
    for one in people:
        team, function = units[one.pk], one.name.partition(" ")[0]
        band = bands.get(Word(order[words.get(one.pk, "")]))
        lines[(0, as_of["u", team], band), (1, as_of["f", function], band)] += 1
    return lines


class TestPrivacy:
    @pytest.mark.parametrize("seed", range(12))
    def test_no_sum_or_difference_of_teams_and_functions_singles_out_fewer_than_five(
        self, karim: User, seed: int
    ) -> None:
        chance = random.Random(seed)
        row, company = planned(karim), unit("Company", None, "company")
        teams, people, units = [unit(f"T{at}", company) for at in range(5)], list[Person](), dict[int, str]()
        for team, function in itertools.product(teams, ("sales", "support", "product")):
            for one in crowd(team, function, chance.choice([0, 0, 1, 2, 9, 14])):
                people.append(one)
                units[one.pk] = str(team.pk)
        tell(row, people)
        for one in people:
            if state := chance.choice(["", "", "understood", "understood", "acknowledged", "question"]):
                say(row, [one], state, days_ago=chance.randrange(1, 9))
        found = known(row)
        if found.whole:
            assert not weakest(cells(row, people, units, found))
        for told in (*found.units, *found.functions):
            assert all(band.count >= 5 and band.count % 5 == 0 for band in told.bands)

    def test_a_team_that_is_a_function_but_for_one_does_not_tell_of_that_one(self, karim: User) -> None:
        row, company = planned(karim), unit("Company", None, "company")
        north, south = unit("North", company), unit("South", company)
        sellers, alone = crowd(north, "sales", 14), crowd(north, "support", 1)
        others = crowd(south, "product", 20)
        tell(row, [*sellers, *alone, *others])
        # Fourteen sellers: nine understood, five are silent; the one of support understood.
        say(row, [*sellers[:9], *alone, *others[:10]])
        found = known(row)
        is_team_told = group(found.units, north.pk).as_of == str(north.pk)
        is_function_told = group(found.functions, "sales").as_of == "sales"
        assert not (is_team_told and is_function_told)

    def test_a_team_of_four_is_told_as_what_is_around_it(self, karim: User) -> None:
        row, company = planned(karim), unit("Company", None, "company")
        small, large = unit("Small", company), unit("Large", company)
        four, many = crowd(small, "sales", 4), crowd(large, "sales", 20)
        tell(row, [*four, *many])
        say(row, [*four, *many[:10]])
        found = known(row)
        assert group(found.units, small.pk).as_of != str(small.pk)
        text = who_knows(browser(karim), row, f"?by=units&in={company.pk}")
        assert "too few people: as Company" in text and "kept back" in text, "and whoever is beside them"

    def test_the_complement_of_a_small_team_is_kept_back_too(self, karim: User) -> None:
        row, company = planned(karim), unit("Company", None, "company")
        small, large = unit("Small", company), unit("Large", company)
        two, many = crowd(small, "sales", 2), crowd(large, "sales", 20)
        tell(row, [*two, *many])
        say(row, many[:10])
        found = known(row)
        # What the company says less what the large team says would be what the two say.
        assert group(found.units, large.pk).as_of != str(large.pk)

    def test_one_who_changes_their_mind_is_not_seen(self, karim: User) -> None:
        row, people = planned(karim), crowd(unit("Team"), "sales", 30)
        tell(row, people)
        say(row, people[:12])
        say(row, people[12:19], "acknowledged")
        before = known(row)
        say_word(person=people[0], release=row, state="acknowledged", now=NOW)
        after = known(row)
        assert (after.whole, after.units, after.functions) == (before.whole, before.units, before.functions)
        assert after.steps == before.steps

    def test_every_figure_of_files_is_one_of_the_page(self, karim: User) -> None:
        row, company = planned(karim), unit("Company", None, "company")
        small, large = unit("Small", company), unit("Large", company)
        four, many = crowd(small, "support", 4), crowd(large, "sales", 20)
        tell(row, [*four, *many])
        say(row, [*four[:2], *many[:13]], days_ago=4)
        client = browser(karim)
        for part in ("units", "functions", "markets", "curve"):
            for line in list(csv.reader(who_knows(client, row, f"?by={part}&format=csv").splitlines()))[1:]:
                assert not {cell for cell in line[-1:] if cell.isdigit() and int(cell) % 5}, line
                assert not any(one.name in ",".join(line) for one in four)

    def test_no_filter_of_the_address_changes_a_figure(self, karim: User) -> None:
        row, company = planned(karim), unit("Company", None, "company")
        team = unit("Team", company)
        tell(row, people := crowd(team, "sales", 20))
        say(row, people[:10])
        client = browser(karim)
        figures = set()
        for query in (
            "?person=1",
            "?from=2026-01-01&to=2026-01-02",
            "?q=sales&state=understood",
            "?as_of=2026-01-01",
            "?in=x",
            "?by=nobody",
        ):
            figures |= set(re.findall(r"(\d+) or more", who_knows(client, row, query)))
        assert figures <= {"10"}

    def test_nobody_else_reads_a_word(self, karim: User) -> None:
        row, people = planned(karim, lead=person("Lead")), crowd(unit("Team"), "sales", 20)
        tell(row, people)
        say(row, people[:10])
        client = browser(world.lea())
        assert client.get(reverse("releases:release-awareness", args=(row.pk,))).status_code == 403
        assert client.post(reverse("releases:release-reminder", args=(row.pk,))).status_code == 403
        text = who_knows(browser(karim), row)
        assert not any(one.name in text for one in people)

    def test_answers_to_the_one_question_are_told_of_five_and_more_in_steps(self, karim: User) -> None:
        row = major(karim)
        asked = ReleaseCheck.objects.create(
            release=row, question="Where?", choices=["a", "b", "c"], right=0, language="en"
        )
        assert (told := answers_of(row)) and told.total is None
        for choice, count in ((0, 13), (1, 2), (2, 6)):
            CheckCount.objects.create(check_question=asked, choice=choice, count=count)
        told = answers_of(row)
        assert told and told.total == 20
        assert [one.count for one in told.chosen] == [10, None, None]
        assert "kept back" in who_knows(browser(karim), row)


class TestSize:
    def test_the_page_costs_little_once_counted_and_names_no_more_than_one_level(self, karim: User) -> None:
        row, company = planned(karim), unit("Company", None, "company")
        teams = [unit(f"T{at}", company) for at in range(60)]
        people = [one for team in teams for one in crowd(team, "sales", 6)]
        tell(row, people)
        say(row, people[::2])
        ready(row, "everyone", "en", "x")
        client = browser(karim)
        who_knows(client, row)
        for query in ("", f"?in={company.pk}", "?by=functions", "?by=markets"):
            with CaptureQueriesContext(connection) as found:
                text = who_knows(client, row, query)
            assert len(found) <= 12, [one["sql"][:120] for one in found]
            assert len(text) <= 150_000
        assert Recipient.objects.count() == 360
