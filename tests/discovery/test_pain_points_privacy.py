"""Outside Product Ops nobody learns a count of one to four people, whatever they filter, sort, export or compare.

Two companies that differ only in such counts (or inside a step of five) must answer a reader with the same bytes.
"""

import datetime as dt
import difflib
import re
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests import world
from tests.discovery.hurt import heard, hurting
from tests.org import company
from vertebra.accounts.models import User
from vertebra.discovery.actions.pain_states import confirm_pain_points
from vertebra.discovery.labels import PainState, Severity, Trend
from vertebra.discovery.models import HurtGroup, PainPoint
from vertebra.org.labels import Function

pytestmark = pytest.mark.django_db
COUNTS = ("people_count", "team_count", "function_count", "recent_count", "before_count", "branch_count")
BANDS: Sequence[tuple[int, int]] = ((0, 0), (1, 4), (5, 9), (10, 14))
QUARTER = dt.date(2026, 7, 1)
VARYING = re.compile(rb'(value|content)="[\w-]{20,}"|nonce="[^"]+"|csrf\w*[=:]\S+|"X-CSRFToken"[^}]+')


def twins() -> st.SearchStrategy[tuple[int, int]]:
    """Two counts that a reader may not tell apart."""
    return st.sampled_from(BANDS).flatmap(lambda band: st.tuples(st.integers(*band), st.integers(*band)))


@st.composite
def companies(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Pain points, each with what differs between the two companies under `first` and `second`."""
    return [
        {
            "state": draw(st.sampled_from([PainState.CONFIRMED, PainState.SETTLED, PainState.RAISED])),
            "severity": draw(st.sampled_from(Severity.values)),
            "counts": {name: draw(twins()) for name in COUNTS},
            "group": draw(twins()),
            "days": draw(st.tuples(st.integers(0, 80), st.integers(0, 80))),
            "part_of": draw(st.booleans()),
        }
        for _ in range(draw(st.integers(1, 5)))
    ]


def looks() -> st.SearchStrategy[dict[str, str]]:
    """What a reader may ask of the list."""
    choices = {
        "sort": ["size", "-size", "trend", "-trend", "seen", "-seen", "severity"],
        "state": ["confirmed", "settled", "raised"],
        "trend": Trend.values,
        "severity": ["1", "2", "3"],
        "function": ["sales"],
        "with": ["sales"],
        "view": ["tree"],
        "format": ["csv"],
        "columns": ["title,size,teams,functions,trend,seen"],
    }
    return st.fixed_dictionaries(
        {}, optional={name: st.sampled_from(values) for name, values in choices.items()}
    )


def write(drawn: list[dict[str, Any]], which: int) -> None:
    """Give the pain points the counts of the first or the second company."""
    for row, one in zip(PainPoint.objects.order_by("pk"), drawn, strict=True):
        PainPoint.objects.filter(pk=row.pk).update(
            **{name: pair[which] for name, pair in one["counts"].items()},
            latest_seen_on=QUARTER + dt.timedelta(days=one["days"][which]),
        )
        HurtGroup.objects.filter(pain_point=row).update(people_count=one["group"][which])


def told(client: Client, asked: dict[str, str]) -> bytes:
    """What the list answers."""
    answer = client.get(reverse("discovery:pain-point-list"), asked)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return VARYING.sub(b"", content)


@settings(max_examples=25, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))
@given(drawn=companies(), asked=st.lists(looks(), min_size=1, max_size=4))
def test_the_list_and_its_exports_tell_no_small_count(
    drawn: list[dict[str, Any]], asked: list[dict[str, str]]
) -> None:
    with transaction.atomic():
        lea = world.lea()
        above = None
        for number, one in enumerate(drawn):
            above_now = above if one["part_of"] else None
            row = PainPoint.objects.create(
                title=f"Pain {number}", language="en", state=one["state"], severity=one["severity"],
                first_seen_on=QUARTER, latest_seen_on=QUARTER, created_at=world.NOW, changed_at=world.NOW,
                parent=above_now,
            )  # fmt: skip
            HurtGroup.objects.create(pain_point=row, function=Function.SALES)
            above = row
        answers = []
        for which in (0, 1):
            write(drawn, which)
            # A new visit each time: what one looked at before is remembered (columns).
            client = Client()
            client.force_login(lea)
            answers.append([told(client, one) for one in asked])
        for a, b, one in zip(*answers, asked, strict=True):
            assert a == b, (one, differing(a, b))
        transaction.set_rollback(True)


@pytest.mark.parametrize(("who", "shown"), [("lea", "Q4 2026"), ("ines", "2026-10-14")])
def test_the_export_tells_the_day_only_to_those_to_whom_the_page_does(who: str, shown: str) -> None:
    PainPoint.objects.create(
        title="Pain", language="en", state="confirmed", severity="2", first_seen_on=QUARTER,
        latest_seen_on=dt.date(2026, 10, 14), created_at=world.NOW, changed_at=world.NOW, people_count=12,
    )  # fmt: skip
    user = getattr(world, who)()
    User.objects.filter(pk=user.pk).update(language="en")
    client = Client()
    client.force_login(user)
    line = told(client, {"format": "csv", "columns": "title,seen"}).decode().splitlines()[1]
    assert shown in line
    assert ("2026-10" in line) == (who == "ines"), (
        "not even the first day of the quarter, which reads as a day"
    )


def differing(one: bytes, other: bytes) -> list[str]:
    return [
        line[:300] for line in difflib.unified_diff(one.decode().split("\n"), other.decode().split("\n"), n=0)
    ]


def seen_by(user: User, pain: PainPoint) -> list[bytes]:
    User.objects.filter(pk=user.pk).update(language="en")
    client = Client()
    client.force_login(user)
    pages = ("discovery:pain-point-show", "discovery:pain-point-voices")
    return [VARYING.sub(b"", client.get(reverse(name, args=[pain.pk])).content) for name in pages]


def test_the_page_tells_no_small_count_of_a_side_or_a_quarter() -> None:
    ines, lea = world.ines(), world.lea()
    team = company.unit("Cash desk")
    people = [company.person(f"Sales {n}", team, Function.SALES) for n in range(6)]
    others = [company.person(f"Design {n}", team, Function.DESIGN) for n in range(6)]
    answers = []
    for few in (1, 2, 3):
        with transaction.atomic():
            said = [heard(one, team, Function.SALES) for one in people]
            early = world.TODAY - dt.timedelta(days=150)
            said += [heard(one, team, Function.DESIGN, said_on=early) for one in others[:few]]
            pain = hurting(ines, *said)
            confirm_pain_points(actor=ines, pain_points=[pain], now=world.NOW)
            pages = seen_by(lea, pain)
            number = str(pain.pk).encode()
            answers.append([page.replace(b"/" + number + b"/", b"/N/") for page in pages])
            transaction.set_rollback(True)
    assert answers[0] == answers[1] == answers[2]
    assert b"fewer than five" in answers[0][1]


def test_a_group_of_fewer_than_five_is_named_to_product_ops_alone() -> None:
    ines, lea = world.ines(), world.lea()
    team = company.unit("Legal desk")
    lawyer = company.person("The lawyer", team, Function.LEGAL)
    sales = company.unit("Cash desk")
    people = [company.person(f"Sales {n}", sales, Function.SALES) for n in range(6)]
    pain = hurting(ines, heard(lawyer, team, Function.LEGAL), *[heard(one, sales, "sales") for one in people])
    confirm_pain_points(actor=ines, pain_points=[pain], now=world.NOW)
    assert b"Legal" not in seen_by(lea, pain)[0]
    assert b"Legal" in seen_by(ines, pain)[0]
    client = Client()
    client.force_login(lea)
    listed = client.get(reverse("discovery:pain-point-list"), {"function": "legal"})
    assert pain.title.encode() not in listed.content


def test_a_page_that_told_exact_counts_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vertebra.discovery.queries.pain_points.in_steps", lambda count: count)
    row = PainPoint.objects.create(
        title="Pain", language="en", state=PainState.CONFIRMED, people_count=6, first_seen_on=QUARTER,
        latest_seen_on=QUARTER, created_at=world.NOW, changed_at=world.NOW,
    )  # fmt: skip
    client = Client()
    client.force_login(world.lea())
    first = told(client, {})
    PainPoint.objects.filter(pk=row.pk).update(people_count=7)
    assert told(client, {}) != first
