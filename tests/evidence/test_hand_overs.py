"""Who hands work to whom: by hand, on a page, and the questions that a real log is known for."""

import csv
import datetime as dt
import re
from collections import defaultdict
from itertools import groupby, pairwise
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from tests import world
from tests.analysis.flow_world import Work, moved, tables
from tests.evidence.flow_world import figure, opened
from tests.evidence.trail_world import bring, current
from vertebra.analysis.flow.groups import GroupsOf, look
from vertebra.evidence.models import HandOverQuestion

LATER = world.NOW + dt.timedelta(days=15)


def looked(*works: Work, field: str = "team", steps: str = "status") -> GroupsOf:
    trail = tables(works)
    return look(trail.items.drop("source"), trail.changes.drop("source"), field, steps)


def through(number: int, *teams: str, who: str = "") -> Work:
    """An item that went from team to team, an hour in each."""
    who = who or f"p{number % 9}"
    work = moved(number, (len(teams) + 5, "Done"), fields={"team": teams[-1]}, status="Doing", assignee=who)
    turns = [(n + 1.0, "team", a, b, who) for n, (a, b) in enumerate(pairwise(teams))]
    work.steps = sorted([*turns, *work.steps])
    return work


def test_how_many_groups_had_a_hand_in_it() -> None:
    works = [through(n, "L1", who=f"p{n}") for n in range(6)]
    works += [through(10 + n, "L1", "L2", who=f"q{n}") for n in range(9)]
    works += [through(30 + n, "L1", "L2", "L1", "L3", who=f"r{n}") for n in range(5)]
    hands = looked(*works).hands
    assert hands is not None
    assert (hands.items, hands.alone, hands.two, hands.more) == (20, 0.3, 0.45, 0.25)
    assert hands.came_back == 0.25
    assert hands.handed == pytest.approx(24 / 20)
    told = dict(hands.together)
    assert told[("L1", "L2")] == 0.45
    assert sum(told.values()) == pytest.approx(1)


def test_groups_of_few_are_told_together() -> None:
    works = [through(n, "L1", "L2", who=f"p{n % 3}") for n in range(40)]
    found = looked(*works)
    assert (found.whole, found.standings) == (None, ())


def test_where_work_stands_while_a_group_has_it() -> None:
    works = []
    for n in range(12):
        work = moved(n, (10, "Waiting"), (40, "Done"), fields={"team": "A"}, assignee=f"p{n}", status="Doing")
        works.append(work)
    found = looked(*works)
    assert [(one.group, one.hours, one.steps) for one in found.standings] == [
        ("A", 480.0, {"Waiting": 0.75, "Doing": 0.25})
    ]
    works = [through(n, "A", "B", "A", who=f"p{n}") for n in range(12)]
    found = looked(*works)
    assert found.whole is not None and found.whole.steps == {"Doing": 1.0}
    assert [one.group for one in found.standings] == ["A", "B"]


@pytest.mark.django_db
def test_a_question_is_asked_on_a_page_once(client: Client, settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA, settings.FIXED_NOW = tmp_path / "data", world.NOW
    settings.DATA.mkdir()
    log = tmp_path / "log.csv"
    log.write_text(
        "Case,At,Status,Level\n1,2026-01-05 09:00,Open,L1\n1,2026-01-05 10:00,Doing,L2\n1,2026-01-05 11:00,Done,L2\n"
    )
    bring(log, form="events", case="Case", at="At", status="Status", level="Level")
    ines = world.english(world.ines())
    opened(ines, None)
    client.force_login(ines)
    address = f"/evidence/flow/hand-overs/new/{current().source_id}/"
    assert client.get(address)["Location"] == "/evidence/flow/"
    figure()
    offered = [value for value, _label in client.get(address).context["form"].fields["field"].choices]
    assert set(offered) == {"level", "status"}
    given = {"field": "level", "steps": "status"}
    answer = client.post(address, given)
    row = HandOverQuestion.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/evidence/flow/hand-overs/{row.pk}/")
    assert (row.field, row.steps) == ("level", "status")
    assert "asked already" in client.post(address, given).content.decode()
    assert HandOverQuestion.objects.count() == 1


VOLVO = {
    "case": "SR Number", "at": "Change Date+Time", "status": "Status", "sub_status": "Sub Status",
    "resource": "Resource", "team": "Involved ST", "level": "ST Level", "line": "Involved Org line 3",
}  # fmt: skip


@pytest.mark.real_data
@pytest.mark.django_db
def test_the_known_questions_of_a_real_log_are_answered(
    real_data: Path, client: Client, settings: LazySettings, tmp_path: Path
) -> None:
    settings.DATA = tmp_path / "data"
    settings.DATA.mkdir()
    settings.FIXED_NOW = world.NOW
    path = real_data / "process-volvo" / "vinst_events.csv"
    bring(path, source="Volvo", form="events", **VOLVO)  # type: ignore[arg-type]
    ines = world.english(world.ines())
    opened(ines, None)
    source = current("Volvo").source
    asked = [("level", "status"), ("team", "sub_status"), ("line", "sub_status")]
    client.force_login(ines)
    address = f"/evidence/flow/hand-overs/new/{source.pk}/"
    assert client.get(address)["Location"] == "/evidence/flow/"  # its fields are not known yet
    figure()
    for field, steps in asked:
        assert client.post(address, {"field": field, "steps": steps}).status_code == 302
    rows = list(HandOverQuestion.objects.order_by("pk"))
    figure()
    counted = Counted(path)
    for row, column in zip(rows, ("ST Level", "Involved ST", "Involved Org line 3"), strict=True):
        row.refresh_from_db()
        hands = row.figures["hands"]
        alone, back = counted.shares(column)
        assert hands["items"] == 7_554
        assert (hands["alone"], hands["came_back"]) == (
            pytest.approx(alone, abs=1e-3),
            pytest.approx(back, abs=1e-3),
        )
        assert re.search(
            r"7\D554 work items", client.get(f"/evidence/flow/hand-overs/{row.pk}/").content.decode()
        )
    _are_known(rows, counted)
    settings.FIXED_NOW = LATER
    shown = client.get(f"/evidence/flow/hand-overs/{rows[2].pk}/").content.decode()
    assert "Wait - User" in shown and "Org line" in shown
    assert not any(who in shown for who in list(counted.people)[:200])


def _are_known(rows: list[HandOverQuestion], counted: "Counted") -> None:
    # Push to front: what the first line settled alone.
    first = {tuple(groups): share for groups, share in rows[0].figures["hands"]["together"]}[("L1",)]
    assert first == pytest.approx(counted.only("ST Level", "L1"), abs=1e-3)
    # Overuse of “wait user”: by organisation, of the time between two changes.
    expected = counted.standing("Involved Org line 3", "Sub Status", "Wait - User")
    told = {
        one["group"]: one["steps"].get("Wait - User", 0.0)
        for one in rows[2].figures["standings"]
        if one["group"]
    }
    assert len(told) > 5
    for group, share in told.items():
        assert share == pytest.approx(expected[group], abs=0.02)


class Counted:
    """The same log, counted row by row."""

    def __init__(self, path: Path) -> None:
        self.cases: dict[str, list[dict[str, str]]] = defaultdict(list)
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                self.cases[row["SR Number"]].append(row)
        for rows in self.cases.values():
            rows.sort(key=lambda row: dt.datetime.fromisoformat(row["Change Date+Time"]))
        self.people = {row["Resource"] for rows in self.cases.values() for row in rows}

    def turns(self, column: str) -> list[list[str]]:
        """Through which values each case went."""
        return [
            [value for value, _some in groupby(row[column] for row in rows)] for rows in self.cases.values()
        ]

    def shares(self, column: str) -> tuple[float, float]:
        turns = self.turns(column)
        alone = sum(len(set(one)) == 1 for one in turns) / len(turns)
        return alone, sum(len(one) > len(set(one)) for one in turns) / len(turns)

    def only(self, column: str, value: str) -> float:
        turns = self.turns(column)
        return sum(set(one) == {value} for one in turns) / len(turns)

    def standing(self, column: str, steps: str, step: str) -> dict[str, float]:
        """Of the time during which each group had work, the share that it stood in a step."""
        spent: dict[str, float] = defaultdict(float)
        total: dict[str, float] = defaultdict(float)
        for rows in self.cases.values():
            for row, after in pairwise(rows):
                begin, end = (dt.datetime.fromisoformat(one["Change Date+Time"]) for one in (row, after))
                total[row[column]] += (end - begin).total_seconds()
                spent[row[column]] += (end - begin).total_seconds() * (row[steps] == step)
        return {group: spent[group] / total[group] for group in total if total[group]}
