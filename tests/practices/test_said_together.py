"""Two say at the same moment where a team stands, what may be asked, what is looked at: nothing is said twice."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from django.db import connection, transaction
from django.db.models import Model

from tests import world
from tests.practices.adopted import Living, living
from vertebra.accounts import audit
from vertebra.accounts.models import User
from vertebra.evidence.actions.flow import OpenAlready, open_flow
from vertebra.evidence.models import FlowOpening
from vertebra.practices.actions import adaptations, adoption, adoption_rows
from vertebra.practices.actions.adoption_rows import Said
from vertebra.practices.actions.time_ceilings import SetMeanwhile, set_ceiling
from vertebra.practices.labels.adoption import AdaptationKind
from vertebra.practices.models import Adaptation, Adoption, ObservationDoubt, TimeCeiling

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def here() -> Living:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite of the tests is in memory, with locks of its own")
    return living()


@pytest.fixture
def both_inside(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whoever has begun waits a moment for the other: without waiting for each other both would have looked by now."""
    barrier = threading.Barrier(2)
    hold = adoption_rows.hold

    def hold_and_meet(unit: int) -> None:
        hold(unit)
        with suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=1)

    monkeypatch.setattr(adoption_rows, "hold", hold_and_meet)
    monkeypatch.setattr(adaptations, "hold", hold_and_meet)
    yield


@pytest.fixture
def both_looked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whoever is about to write waits a moment for the other, so that both have looked before."""
    barrier = threading.Barrier(2)
    create = audit.Tracker.create

    def meet_and_create(tracker: audit.Tracker, row: Model) -> None:
        with suppress(threading.BrokenBarrierError):
            barrier.wait(timeout=1)
        create(tracker, row)

    monkeypatch.setattr(audit.Tracker, "create", meet_and_create)
    yield


def together(*doings: Callable[[], object]) -> list[BaseException]:
    """What went wrong when all of it was done at the same moment."""
    wrong: list[BaseException] = []

    def do(doing: Callable[[], object]) -> None:
        try:
            with transaction.atomic():
                doing()
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(doing,)) for doing in doings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return wrong


def say(here: Living, state: str, now: dt.datetime = world.NOW) -> Callable[[], object]:
    said = [Said(here.practice.pk, state, is_doubted=True, doubt="We do it elsewhere.")]
    return lambda: adoption.say_adoption(
        actor=None, person=here.karim, unit=here.billing, said=said, language="fr", now=now
    )


def adapt(here: Living, actor: User, reason: str) -> Callable[[], object]:
    return lambda: adaptations.adapt_practice(
        actor=actor, person=here.karim, practice=here.practice, unit=here.billing, kind=AdaptationKind.ADAPTED,
        reason=reason, ends_on=world.TODAY + dt.timedelta(days=30), language="fr", now=world.NOW,
    )  # fmt: skip


def test_two_say_at_once_where_a_team_stands_that_nobody_spoke_of(here: Living, both_inside: None) -> None:
    assert together(say(here, "trying"), say(here, "adopted")) == []
    rows = Adoption.objects.all_time().filter(unit=here.billing)
    assert sorted(rows.values_list("state", flat=True)) == ["adopted", "trying"]
    assert rows.filter(ends_on=None).count() == 1
    assert ObservationDoubt.objects.filter(answered_at=None).count() == 1


def test_two_take_the_place_of_what_was_said_before(here: Living, both_inside: None) -> None:
    say(here, "not_yet")()
    later = world.NOW + dt.timedelta(days=30)
    assert together(say(here, "trying", later), say(here, "adopted", later)) == []
    rows = Adoption.objects.all_time().filter(unit=here.billing)
    assert (rows.count(), rows.filter(ends_on=None).count()) == (3, 1)


def test_a_team_does_a_practice_in_one_other_way_at_a_time(here: Living, both_inside: None) -> None:
    ines = world.ines()
    assert together(adapt(here, ines, "We are three."), adapt(here, ines, "We work by night.")) == []
    assert Adaptation.objects.as_of(world.TODAY).filter(unit=here.billing).count() == 1


def test_a_function_has_one_ceiling_whoever_sets_it(here: Living, both_looked: None) -> None:
    ines = world.ines()

    def ask(minutes: int, now: dt.datetime) -> Callable[[], object]:
        return lambda: set_ceiling(actor=ines, function="product", minutes=minutes, now=now)

    wrong = together(ask(200, world.NOW), ask(300, world.NOW))
    assert [type(one) for one in wrong] == [SetMeanwhile]
    later = world.NOW + dt.timedelta(days=30)
    wrong = together(ask(60, later), ask(90, later))
    assert [type(one) for one in wrong] == [SetMeanwhile]
    assert TimeCeiling.objects.as_of(later.date()).count() == 1
    assert TimeCeiling.objects.all_time().count() == 2


def test_flow_is_asked_for_once_by_a_practice(here: Living, both_looked: None) -> None:
    ines = world.ines()

    def ask() -> object:
        return open_flow(
            actor=ines,
            unit=None,
            kind="practice",
            object_id=here.practice.pk,
            why="What waits?",
            now=world.NOW,
        )

    assert [type(one) for one in together(ask, ask)] == [OpenAlready]
    assert FlowOpening.objects.filter(closed_at=None).count() == 1
