"""What waits around releases: the nearest few of each kind, so that no crowd of one hides what waits elsewhere."""

import datetime as dt

import pytest

from tests import world
from tests.org.company import person
from tests.releases.made import planned
from vertebra.accounts.models import User
from vertebra.org.models import Person
from vertebra.releases.models import BriefQuestion, Release, Validation
from vertebra.releases.queries.front_desk import MOST_ALIKE, MOST_CHECKED, due_for, in_turn

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
NOW = world.NOW


@pytest.fixture
def me(karim: User) -> Person:
    return person("Karim Diallo", user=karim)


def rows_of(user: User, code: str) -> list[tuple[object, ...]]:
    return [row for rows in due_for(user, NOW) for row in rows if row[0] == code]


def test_hundreds_of_questions_are_read_as_the_oldest_few(karim: User, me: Person) -> None:
    row = planned(karim, lead=me)
    BriefQuestion.objects.bulk_create(
        BriefQuestion(release=row, question=f"Q{at}", language="en", asked_at=NOW) for at in range(300)
    )
    found = rows_of(karim, "question")
    assert [one[3] for one in found] == [f"Q{at}" for at in range(MOST_ALIKE)]
    told = [one.detail for one in in_turn(karim, found, NOW) if one.code == "question"]  # type: ignore[arg-type]
    assert told == ["Q0", "Q1", "Q2"]


def test_who_agreed_is_read_of_the_nearest_releases_alone(karim: User, me: Person) -> None:
    first = planned(karim)
    rows = Release.objects.bulk_create(
        Release(
            title=f"R{at}", language="en", tier=first.tier, state="checking", created_at=NOW, changed_at=NOW,
            checking_at=NOW, planned_on=world.TODAY + dt.timedelta(days=at),
        )
        for at in range(MOST_CHECKED + 10)
    )  # fmt: skip
    Validation.objects.bulk_create(
        Validation(release=row, part=part, said_by=me, said_at=NOW)
        for row in rows
        for part in ("lead", "champions")
    )
    found = rows_of(karim, "agreed")
    assert {(one[1], one[2]) for one in found} == {(row.pk, "lead") for row in rows[:MOST_CHECKED]}
