"""The demo company goes into an empty instance only."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests import world
from vertebra.accounts.models import Delivery, SavedView, User
from vertebra.demo import load as loading
from vertebra.demo.addresses import of_pages
from vertebra.demo.command import run_command, words
from vertebra.demo.fixture import DAY
from vertebra.demo.load import NotEmpty, Progress, Summary, load
from vertebra.kit.refusal import Refusal
from vertebra.org.models import Membership, Person, Unit
from vertebra.sources.models import Source

pytestmark = pytest.mark.django_db


def test_it_is_refused_where_somebody_has_an_account() -> None:
    world.ada()
    with pytest.raises(NotEmpty, match="account"):
        load(profile="small", until=DAY)
    assert not Person.objects.exists()


def test_it_is_refused_where_there_is_an_organisation() -> None:
    Unit.objects.create(created_at=world.NOW)
    with pytest.raises(NotEmpty):
        load(profile="small", until=DAY)
    assert not User.objects.exists()


def test_it_is_refused_a_second_time_and_changes_nothing(small_here: Summary) -> None:
    before = Person.objects.count()
    with pytest.raises(NotEmpty):
        load(profile="small", until=DAY)
    assert Person.objects.count() == before


def test_a_reset_never_removes_anything_real(small_here: Summary) -> None:
    Source.objects.create(name="Annuaire", made_at=world.NOW)
    with pytest.raises(NotEmpty):
        load(profile="small", until=DAY, reset=True)
    assert Person.objects.exists()


class Begun(Exception):
    """Listening begins."""


@pytest.mark.postgres
def test_what_was_written_is_counted_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []

    def look(*_given: object) -> None:
        found.append(known_size(Membership._meta.db_table))
        raise Begun

    monkeypatch.setattr("vertebra.demo.load.listen", look)
    with pytest.raises(Begun):
        load(profile="small", until=DAY)
    assert found[0] > 50


def known_size(table: str) -> int:
    """How many rows the database believes the table to hold when it plans how to read it."""
    sizes = {
        "sqlite": "SELECT MAX(CAST(stat AS INTEGER)) FROM sqlite_stat1 WHERE tbl = %s",
        "postgresql": "SELECT CAST(reltuples AS INTEGER) FROM pg_class WHERE relname = %s",
    }
    with connection.cursor() as cursor:
        cursor.execute(sizes[connection.vendor], [table])
        return int(cursor.fetchone()[0] or 0)


def test_the_command_tells_each_step_and_what_it_made_and_what_each_wrote_is_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[tuple[str, int, int]] = []
    known: list[int] = []
    said: list[str] = []

    def looked_at(*, progress: Progress, **given: Any) -> Summary:
        def look(*step: Any) -> None:
            told.append(step)
            progress(*step)
            if step == ("listen", 1, 1):
                known.append(known_size(Delivery._meta.db_table))

        return load(progress=look, **given)

    monkeypatch.setattr(loading, "load", looked_at)
    made = run_command(profile="small", scale=1, until="2026-11-02", say=said.append)
    assert known[0] > 100
    assert list(dict.fromkeys(step for step, _, _ in told)) == ["plan", "write", "index", "listen", "look"]
    assert all(done <= total for _, done, total in told)
    assert len(said) == 5
    assert "Mercelune" in words(made)
    assert "60" in words(made)
    assert made.facts()["until"] == dt.date(2026, 11, 2)


def test_the_views_that_the_cast_keeps_open(small_here: Summary, client: Client) -> None:
    kept = list(SavedView.objects.select_related("user"))
    assert len(kept) >= 4
    for view in kept:
        client.force_login(view.user)
        page = client.get(view.query)
        assert page.status_code == 200
        assert page.context["listing"].page == view.page


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(Refusal, match="02/11/2026"):
        run_command(profile="small", scale=1, until="02/11/2026", say=lambda _: None)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("roadmap:initiative-show", (3,)),
        ("discovery:help-request-show", (3,)),
        ("evidence:incident-show", (3,)),
    ],
)
def test_what_the_demo_writes_leads_to_the_pages(name: str, given: tuple[int, ...]) -> None:
    with of_pages():
        in_the_demo = reverse(name, args=given)
    assert in_the_demo == reverse(name, args=given)
