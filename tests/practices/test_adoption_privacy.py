"""Nobody outside a team sees its figures for two weeks, nor ever those of fewer than five people: not by any way round."""

import csv
import datetime as dt
import io
import re
from contextlib import suppress

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests import world
from tests.architecture.samples import browser
from tests.practices.adopted import TWO_WEEKS, Living, living, says, signed_in
from tests.web.test_api import caller
from vertebra.accounts.audit import NothingChanges
from vertebra.accounts.models import User
from vertebra.kit import clock
from vertebra.practices.models import Adoption
from vertebra.practices.queries.adoption import Sight, adoptions_open_to, facts_on
from vertebra.practices.queries.adoption_figures import Summary, adoption_figures, curve_of

pytestmark = pytest.mark.django_db
STATES = ("not_yet", "trying", "adopted", "lapsed")


@pytest.fixture
def here() -> Living:
    return living()


@pytest.fixture
def outside() -> User:
    return world.english(world.ines())


@pytest.fixture
def inside(here: Living) -> User:
    return world.english(signed_in(here.karim, world.karim()))


def at(monkeypatch: pytest.MonkeyPatch, day: dt.date) -> None:
    """It is that day."""
    monkeypatch.setattr(clock, "now", lambda: clock.midnight(day) + dt.timedelta(hours=10))


def everything(client: Client, here: Living, day: str = "") -> str:
    """All that pages and files tell of adoption, on a day."""
    base, asked = reverse("practices:adoption-map"), f"as_of={day}" if day else ""
    paths = [
        f"{base}?{asked}",
        f"{base}?show=teams&{asked}",
        f"{base}?unit={here.payments.pk}&{asked}",
        f"{base}?unit={here.billing.pk}&show=teams&{asked}",
        f"{base}?practice={here.practice.pk}&show=teams&{asked}",
        reverse("practices:practice-adoption", args=(here.practice.pk,)) + f"?{asked}",
        reverse("practices:direction") + f"?unit={here.payments.pk}",
        *(
            reverse("practices:team-show", args=(unit.pk,)) + f"?{asked}"
            for unit in (here.billing, here.cash, here.refunds)
        ),
    ]
    pages = []
    for path in paths:
        response = client.get(path)
        assert response.status_code == 200, path
        pages.append(response.content.decode())
    return "\n".join(pages).replace("csrfmiddlewaretoken", "")


def lines(client: Client, here: Living, day: str = "") -> list[list[str]]:
    """The file of the map."""
    path = reverse("practices:adoption-map") + f"?format=csv&unit={here.company.pk}&as_of={day}"
    text = b"".join(client.get(path)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))[1:]


def without_secrets(text: str) -> str:
    """A page without what is another each time: words of forms, nonces, moments."""
    return re.sub(r'(nonce|value|content)="[^"]*"', "", text)


def test_the_outside_reads_the_same_whatever_a_team_says_until_two_weeks_have_passed(
    here: Living, outside: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser(outside)
    says(here.billing, here.practice, "trying", world.NOW - dt.timedelta(days=60))
    last_day = world.TODAY + TWO_WEEKS - dt.timedelta(days=1)
    at(monkeypatch, last_day)
    days = ("", world.TODAY.isoformat(), (world.TODAY + dt.timedelta(days=40)).isoformat())
    before = [(without_secrets(everything(client, here, day)), lines(client, here, day)) for day in days]
    says(here.billing, here.practice, "adopted", is_willing=True)
    after = [(without_secrets(everything(client, here, day)), lines(client, here, day)) for day in days]
    assert before == after
    at(monkeypatch, last_day + dt.timedelta(days=1))
    assert next(row for row in lines(client, here) if row[1] == "Billing")[3] == "adopted"
    # As of a day on which nobody outside saw it, nobody does.
    then = lines(client, here, last_day.isoformat())
    assert next(row for row in then if row[1] == "Billing")[3] == "trying"


def test_the_team_sees_it_at_once(here: Living, inside: User, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, world.TODAY)
    says(here.billing, here.practice, "adopted")
    says(here.cash, here.practice, "adopted")
    # The others have no word.
    found = {row[1]: row[3] for row in lines(browser(inside), here) if row[3]}
    assert found == {"Billing": "adopted"}
    page = browser(inside).get(reverse("practices:team-show", args=(here.billing.pk,))).content.decode()
    assert "yours alone until" in page
    page = browser(inside).get(reverse("practices:team-show", args=(here.cash.pk,))).content.decode()
    assert "no word yet" in page


def test_rows_open_to_somebody_are_theirs_and_those_that_all_see(
    here: Living, inside: User, outside: User
) -> None:
    for unit in (here.billing, here.cash, here.refunds):
        says(unit, here.practice, "adopted")
    day, later = world.TODAY, world.TODAY + TWO_WEEKS
    assert {row.unit_id for row in adoptions_open_to(inside, day, day)} == {here.billing.pk}
    assert not adoptions_open_to(outside, day, day).exists()
    # Asking for a day to come opens nothing before its time.
    assert not adoptions_open_to(outside, later, day).exists()
    assert {row.unit_id for row in adoptions_open_to(outside, later, later)} == {
        here.billing.pk,
        here.cash.pk,
    }


def test_a_small_team_is_nowhere_by_itself(
    here: Living, outside: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    says(here.letters, here.practice, "adopted")
    at(monkeypatch, world.TODAY + TWO_WEEKS)
    client = browser(outside)
    rows = lines(client, here)
    assert not [row for row in rows if row[1] in {"Letters", "Fees", "Refunds"}]
    growth = next(row for row in rows if row[0] == "Growth" and not row[1])
    assert growth[-2:] == ["1", "0"]  # Web alone: Letters is counted further up
    payments = next(row for row in rows if row[0] == "Payments" and not row[1])
    assert payments[-2:] == ["4", "0"]  # with Refunds and Fees, six people together
    whole = next(row for row in rows if row[0] == "Tournesol")
    # Letters waits alone above Payments: three people, counted nowhere.
    assert whole[-2:] == ["5", "0"]
    page = client.get(reverse("practices:team-show", args=(here.letters.pk,))).content.decode()
    assert "fewer than five people" in page and "Demos on Fridays" not in page


@settings(
    max_examples=8,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from(STATES), st.integers(0, 60)), max_size=8),
    st.integers(0, 3),
    st.integers(1, 60),
)
def test_what_is_not_visible_changes_no_figure(
    here: Living, said: list[tuple[int, str, int]], hidden: int, on: int
) -> None:
    """Every figure of every unit, on every day and along every curve, is what it would be had the team not spoken."""
    units = [here.billing, here.cash, here.web, here.refunds, here.fees, here.letters]
    Adoption.objects.all_time().delete()
    for at_unit, state, day in sorted(said, key=lambda one: one[2]):
        if Adoption.objects.all_time().filter(unit=units[at_unit], starts_on__gt=_day(day)).exists():
            continue
        with suppress(NothingChanges):
            says(units[at_unit], here.practice, state, world.NOW + dt.timedelta(days=day))
    today = _day(on + 60)
    before = _figures(here, today)
    latest = world.NOW + dt.timedelta(days=on + 60 - 13)
    if Adoption.objects.all_time().filter(starts_on__gt=latest.date()).exists():
        return
    for state in ("adopted", "lapsed"):
        with suppress(NothingChanges):
            says(units[hidden], here.practice, state, latest)
        assert _figures(here, today) == before


def _day(count: int) -> dt.date:
    return world.TODAY + dt.timedelta(days=count)


def _figures(here: Living, today: dt.date) -> object:
    found = []
    for back in (0, 10, 40):
        day = today - dt.timedelta(days=back)
        sight = Sight(facts_on(day, today), frozenset())
        rolled = {unit: Summary.of(one) for unit, one in sight.facts.rolled(here.practice.pk).items()}
        shown = [sight.stand(here.practice.pk, node) for node in sight.shown_teams()]
        found.append((rolled, shown, curve_of(sight.facts, here.practice.pk)))
    return found, adoption_figures(here.practice, today - dt.timedelta(days=180), today)


def test_tools_read_what_their_owner_may_know(
    here: Living, inside: User, outside: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(monkeypatch, world.TODAY)
    for unit in (here.billing, here.cash, here.refunds):
        says(unit, here.practice, "adopted", world.NOW - dt.timedelta(days=9))
    later = (world.TODAY + dt.timedelta(days=40)).isoformat()
    for path in ("/api/v1/adoptions", f"/api/v1/adoptions?as_of={later}"):
        assert [one["unit"] for one in caller(inside, "read").get(path).json()["items"]] == [here.billing.pk]
        assert caller(outside, "read").get(path).json()["items"] == []
    at(monkeypatch, world.TODAY + dt.timedelta(days=5))
    seen = {one["unit"] for one in caller(outside, "read").get("/api/v1/adoptions").json()["items"]}
    assert seen == {here.billing.pk, here.cash.pk}
