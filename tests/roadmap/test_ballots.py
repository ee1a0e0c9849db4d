"""Ballots of elsewhere: refused with every line that is wrong, counted once, within the quorum and two seconds."""

import datetime as dt
import random
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests import world
from tests.roadmap import table as t
from tests.roadmap.undertaken import browser
from vertebra.accounts.audit import NothingChanges
from vertebra.accounts.models import User
from vertebra.roadmap.actions import rankings as actions
from vertebra.roadmap.actions.cycles import NoQuorum, reveal_rankings
from vertebra.roadmap.models import Cycle, Ranking
from vertebra.roadmap.queries.ballot_files import NoBallots, PaperBallot, read_ballots
from vertebra.roadmap.queries.counting import counted_as

pytestmark = pytest.mark.django_db
HEAD = "ballot,function,count,first,second\n"


@pytest.fixture
def ines() -> User:
    return world.english(world.ines())


@pytest.fixture
def cycle(ines: User) -> Cycle:
    t.directors()
    return t.ranking(ines)


def bring(ines: User, cycle: Cycle, rows: str, later: int = 0) -> None:
    """Take in a file of ballots."""
    actions.import_ballots(
        actor=ines, cycle=cycle, ballots=read_ballots((HEAD + rows).encode(), "b.csv"), language="en",
        now=world.NOW + dt.timedelta(minutes=later),
    )  # fmt: skip


def test_all_that_is_wrong_with_a_file_is_told_at_once_with_the_remedy(ines: User, cycle: Cycle) -> None:
    rows = (
        "A,Sorcery,1,No test data,\nB,design,-2,No test data,\nC,,2.5,No test data,\nD,,many,Two roadmaps,\n"
        "E,,1,no test data,No test data\nF,,1,,\nG,product,2,Two roadmaps,No test data\n"
    )
    with pytest.raises(NoBallots) as caught:
        read_ballots((HEAD + rows).encode(), "b.csv")
    told = {int(re.findall(r"\d+", line)[0]) for line in caught.value.lines}
    assert told == {2, 3, 4, 5, 6, 7}
    answer = browser(ines).post(
        reverse("roadmap:cycle-ballots", args=(cycle.pk,)),
        {"file": SimpleUploadedFile("b.csv", (HEAD + rows).encode())},
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and "“Sorcery” is no function" in page and "Design" in page
    assert "“-2” is no count" in page and "Line 6 names “No test data” more than once" in page
    assert "Line 7 ranks nothing" in page and not cycle.rankings.exists()


def test_the_same_file_twice_counts_once(ines: User, cycle: Cycle) -> None:
    rows = "A,product,2,Two roadmaps,No test data\n,,1,No test data,\n"
    bring(ines, cycle, rows)
    with pytest.raises(NothingChanges):
        bring(ines, cycle, rows, later=5)
    assert cycle.rankings.count() == 2
    # Another file with some of the same is another file.
    bring(ines, cycle, ",,1,No test data,\n", later=9)
    assert cycle.rankings.count() == 3


def test_imported_ballots_count_towards_the_quorum_and_what_is_missing_is_said(
    ines: User, cycle: Cycle
) -> None:
    client, url = browser(ines), reverse("roadmap:cycle-show", args=(cycle.pk,))
    page = client.get(url).content.decode()
    assert "3 rankings are missing" in page and "disabled" in page.split("Show the rankings")[0][-120:]
    t.ranks(t.seats(cycle)[0], *t.on(cycle)[:2])
    bring(ines, cycle, "A,design,1,Two roadmaps,\n")
    page = client.get(url).content.decode()
    assert "1 ranking is missing" in page and "<b>1 ballot</b> was imported" in page
    with pytest.raises(NoQuorum):
        reveal_rankings(actor=ines, cycle=cycle, now=world.NOW)
    bring(ines, cycle, "B,design,1,No test data,\n", later=5)
    page = client.get(url).content.decode()
    assert "missing" not in page and "disabled" not in page.split("Show the rankings")[0][-120:]
    reveal_rankings(actor=ines, cycle=cycle, now=world.NOW)
    cycle.refresh_from_db()
    assert cycle.count["rankings"] == 3


def test_the_room_says_what_is_missing_to_show_the_rankings(ines: User, cycle: Cycle) -> None:
    client = browser(ines)
    room = client.post(reverse("roadmap:cycle-room-opening", args=(cycle.pk,)))["Location"]
    assert "3 rankings are missing" in client.get(room).content.decode()
    assert "missing" not in Client().get(room).content.decode()
    bring(ines, cycle, "A,design,3,Two roadmaps,\n")
    assert "missing" not in client.get(room).content.decode()


def test_a_table_takes_no_more_ballots_than_are_counted_while_one_waits(ines: User, cycle: Cycle) -> None:
    one = PaperBallot((("Two roadmaps",),), label="A")
    with pytest.raises(actions.TooManyBallots, match="one row"):
        actions.import_ballots(
            actor=ines, cycle=cycle, ballots=[one] * (actions.MOST_BALLOTS + 1), language="en", now=world.NOW
        )


def test_as_many_different_ballots_as_a_table_takes_are_counted(ines: User) -> None:
    cycle = t.table(ines, rows=t.topics(ines, [f"Topic {n}" for n in range(30)]))
    ids, chance = [one.pk for one in t.on(cycle)], random.Random(3)
    rows = [
        Ranking(cycle=cycle, order=chance.sample(ids, 30), function=("product", "design")[n % 2], done_at=world.NOW)
        for n in range(actions.MOST_BALLOTS)
    ]  # fmt: skip
    assert counted_as(cycle, rows, "borda")["rankings"] == actions.MOST_BALLOTS


def test_only_product_ops_has_very_many_rankings_counted_again(
    ines: User, cycle: Cycle, monkeypatch: Any
) -> None:
    bring(ines, cycle, "A,design,2,Two roadmaps,\nB,product,1,No test data,\n")
    reveal_rankings(actor=ines, cycle=cycle, now=world.NOW)
    url, lea = reverse("roadmap:cycle-result", args=(cycle.pk,)), browser(world.english(world.lea()))
    said = "Counted again by another rule"
    assert said in lea.get(f"{url}?rule=schulze").content.decode()
    monkeypatch.setattr("vertebra.roadmap.pages.cycle_results.MOST_AGAIN", 1)
    page = lea.get(f"{url}?rule=schulze").content.decode()
    assert said not in page and 'href="?rule=' not in page
    assert said in browser(ines).get(f"{url}?rule=schulze").content.decode()
