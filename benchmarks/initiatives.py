"""A hundred thousand initiatives with their history, put into an instance, and where to look at them."""

import datetime as dt
import random
from typing import Any

from django.urls import reverse

from vertebra.kit import clock
from vertebra.kit.database import learn_sizes
from vertebra.org.models import Field, Person, Unit
from vertebra.roadmap.models import Initiative, Objective, Revision

KINDS = ("quick_win", "operating_model", "transverse", "launch", "incidents", "product")
STATES = ("idea", "planned", "started", "paused", "delivered", "closed")
WEIGHTS = (25, 15, 25, 5, 5, 25)
BATCH = 5_000
VERBS = ("Say", "Renew", "Open", "Measure", "Translate", "Simplify", "Launch", "Share")
THINGS = (
    "releases",
    "cards",
    "the glossary",
    "the onboarding",
    "incidents",
    "the market",
    "prices",
    "roadmaps",
)


def fill(count: int) -> dict[str, int]:
    """Make so many initiatives, each with two moments of its history."""
    random.seed(11)
    now = clock.now()
    people = list(Person.objects.values_list("pk", flat=True)[:2_000])
    units = list(Unit.objects.values_list("pk", flat=True))
    fields = [*Field.objects.values_list("pk", flat=True), None]
    aims: list[int | None] = [
        Objective.objects.create(
            title=f"Objective {number}", language="en", starts_on=clock.today(now), created_at=now,
            ends_on=clock.today(now) + dt.timedelta(days=90),
        ).pk
        for number in range(5)
    ]  # fmt: skip
    chosen: dict[str, list[Any]] = {
        "lead_id": people, "owner_unit_id": units, "field_id": fields, "objective_id": [*aims, None, None],
    }  # fmt: skip
    rows = [_initiative(number, chosen, now) for number in range(count)]
    for start in range(0, count, BATCH):
        some = Initiative.objects.bulk_create(rows[start : start + BATCH], batch_size=BATCH)
        Revision.objects.bulk_create([one for row in some for one in _history(row, now)], batch_size=BATCH)
    learn_sizes()  # as the worker does once tables have grown
    return {"initiatives": Initiative.objects.count(), "revisions": Revision.objects.count()}


def _initiative(number: int, chosen: dict[str, list[Any]], now: dt.datetime) -> Initiative:
    state = random.choices(STATES, WEIGHTS)[0]
    begun = now - dt.timedelta(days=random.randint(30, 900))
    starts = clock.today(begun)
    closed = begun + dt.timedelta(days=25) if state == "closed" else None
    is_begun = state not in ("idea", "planned")
    return Initiative(
        kind=random.choice(KINDS),
        title=f"{random.choice(VERBS)} {random.choice(THINGS)} {number}",
        description="What changes, for whom, and how it shows. " * 4,
        language="en",
        state=state,
        horizon="" if state == "closed" else random.choice(("now", "next", "later", "")),
        position=number * 8,
        effort_days=random.randint(1, 5),
        starts_on=starts,
        due_on=starts + dt.timedelta(days=random.randint(0, 1400)) if number % 5 else None,
        pace=random.choice(("on_track", "at_risk", "off_track")) if state == "started" else "",
        no_baseline_reason="Made to be measured." if is_begun else "",
        started_at=begun if is_begun else None,
        closed_at=closed,
        outcome="cannot_tell" if closed else "",
        slip_count=random.choice((0, 0, 0, 1, 2)),
        created_at=begun,
        changed_at=begun + dt.timedelta(days=random.randint(0, 29), seconds=number % 86_400),
        **{name: random.choice(values) for name, values in chosen.items()},
    )


def _history(row: Initiative, now: dt.datetime) -> list[Revision]:
    stands: dict[str, Any] = {
        name: getattr(row, name)
        for name in (
            "kind",
            "title",
            "position",
            "owner_unit_id",
            "objective_id",
            "field_id",
            "starts_on",
            "due_on",
        )
    }
    middle = max(row.created_at, row.changed_at - dt.timedelta(days=5))
    first = Revision(initiative=row, at=row.created_at, until_at=middle, state="idea", **stands)
    last = Revision(initiative=row, at=middle, state=row.state, horizon=row.horizon, pace=row.pace, **stands)
    return [first, last]


def addresses() -> list[str]:
    """The views to ask for: whole, filtered, deep in the pages, as of a day; and one initiative."""
    board, table, drawn = (reverse(f"roadmap:{name}") for name in ("board", "initiative-list", "timeline"))
    unit = Initiative.objects.exclude(owner_unit=None).values_list("owner_unit", flat=True)[0]
    field = Field.objects.values_list("pk", flat=True)[0]
    return [
        board, f"{board}?unit={unit}", f"{board}?field={field}", reverse("roadmap:state-board"), drawn,
        f"{drawn}?by=unit", f"{drawn}?by=objective", f"{drawn}?by=kind", table, f"{table}?state=started",
        f"{table}?sort=due", f"{table}?due=late", reverse("roadmap:change-list"), reverse("roadmap:slip-list"),
        reverse("roadmap:initiative-show", args=(Initiative.objects.order_by("-pk")[0].pk,)),
    ]  # fmt: skip


def past() -> list[str]:
    """The same as of a day, which reads the history."""
    return [
        f"{reverse(f'roadmap:{name}')}?as_of=2026-03-02" for name in ("board", "initiative-list", "timeline")
    ]
