"""Launches as people read them: ready or not, what is late, stages planned and lived, one beside the other."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from vertebra.accounts.tokens import digest_of
from vertebra.analysis.launches import Compared, StageTime, compare
from vertebra.org.models import Person
from vertebra.roadmap.labels.projects import Readiness, StepState
from vertebra.roadmap.models import GoNoGo, Launch, LaunchStep, ReadinessAsk

OVER = frozenset({StepState.DONE, StepState.SKIPPED})
MOST_COMPARED = 60


@dataclass(slots=True)
class Domain:
    """One domain of a launch: its steps, who answers for it, what they said last."""

    name: str
    steps: list[LaunchStep] = field(default_factory=list)
    word: GoNoGo | None = None
    earlier: list[GoNoGo] = field(default_factory=list)

    @property
    def owner(self) -> Person | None:
        """Who answers for it: who owns its gate, else who owns most of its steps."""
        return answering(self.steps)

    @property
    def over(self) -> int:
        """How many of its steps are over."""
        return sum(1 for step in self.steps if step.state in OVER)


@dataclass(slots=True)
class Stage:
    """One stage of a launch: its steps, when it was to be and when it was."""

    name: str
    steps: list[LaunchStep]
    starts_on: dt.date
    due_on: dt.date
    started_on: dt.date | None
    ended_on: dt.date | None

    def days_planned(self) -> int:
        """How long it was to take."""
        return (self.due_on - self.starts_on).days + 1

    def days_taken(self, day: dt.date) -> int | None:
        """How long it took, or has taken by a day."""
        return ((self.ended_on or day) - self.started_on).days + 1 if self.started_on else None


def answering(steps: Sequence[LaunchStep]) -> Person | None:
    """Who answers for these steps before a launch."""
    gates = [step.owner for step in steps if step.is_gate and step.owner]
    if gates:
        return gates[-1]
    counted: dict[int, list[Person]] = defaultdict(list)
    for step in steps:
        if step.owner:
            counted[step.owner.pk].append(step.owner)
    return max(counted.values(), key=len)[0] if counted else None


def launches() -> "QuerySet[Launch]":
    """Every launch that was not put away, with what its page names."""
    rows = Launch.objects.filter(initiative__archived_at__isnull=True)
    return rows.select_related("initiative__lead", "market", "version__playbook")


def steps_of(launch: Launch) -> list[LaunchStep]:
    """The steps of a launch, in their order, with their owners."""
    return list(launch.steps.select_related("owner__user", "step"))


def domains_of(launch: Launch, steps: Iterable[LaunchStep]) -> list[Domain]:
    """The domains of a launch in the order of its steps, with what was said of each."""
    found: dict[str, Domain] = {}
    for step in steps:
        found.setdefault(step.domain, Domain(step.domain)).steps.append(step)
    for word in launch.words.select_related("said_by"):
        domain = found.get(word.domain)
        if domain is None:
            continue
        if domain.word is None:
            domain.word = word
        else:
            domain.earlier.append(word)
    return list(found.values())


def domains_to_ask(launch: Launch) -> list[tuple[Person, list[str]]]:
    """Who is to say whether which domains are ready: those on which nothing was said."""
    found: dict[int, tuple[Person, list[str]]] = {}
    for domain in domains_of(launch, steps_of(launch)):
        if domain.word is None and (owner := domain.owner):
            found.setdefault(owner.pk, (owner, []))[1].append(domain.name)
    return list(found.values())


def is_in_charge(launch: Launch, person: Person) -> bool:
    """Whether somebody leads this launch."""
    return launch.initiative.lead_id == person.pk


def domains_answered_by(launch: Launch, person: Person) -> list[Domain]:
    """The domains of a launch that somebody answers for."""
    found = domains_of(launch, steps_of(launch))
    return [one for one in found if (owner := one.owner) and owner.pk == person.pk]


def ask_of(token: str) -> ReadinessAsk | None:
    """The ask that a link of a mail opens."""
    rows = ReadinessAsk.objects.select_related("person__user", "launch__initiative", "launch__market")
    return rows.filter(digest=digest_of(token)).first()


def stages_of(steps: Iterable[LaunchStep]) -> list[Stage]:
    """The stages of a launch: from the first step begun to the last one done, what is not needed left out."""
    found: dict[str, list[LaunchStep]] = {}
    for step in steps:
        found.setdefault(step.stage, []).append(step)
    return [_stage(name, rows) for name, rows in found.items()]


def _stage(name: str, steps: list[LaunchStep]) -> Stage:
    needed = [step for step in steps if step.state != StepState.SKIPPED]
    begun = [step.started_on or step.done_on for step in needed]
    starts = [day for day in begun if day]
    ends = [step.done_on for step in needed if step.done_on]
    is_over = bool(needed) and all(step.state == StepState.DONE for step in needed)
    return Stage(
        name,
        steps,
        min(step.starts_on for step in steps),
        max(step.due_on for step in steps),
        min(starts) if starts else None,
        max(ends) if is_over else None,
    )


@dataclass(slots=True)
class Verdict:
    """Whether a launch may go, in codes: what is missing."""

    is_launched: bool
    not_ready: list[Domain]
    with_risks: list[Domain]
    silent: list[Domain]
    late: list[LaunchStep]

    @property
    def is_ready(self) -> bool:
        """Whether every domain said that it is ready, with or without risks."""
        return not self.not_ready and not self.silent


def verdict(launch: Launch, domains: Sequence[Domain], day: dt.date) -> Verdict:
    """Whether a launch may go, by what its domains said, and what is late."""
    steps = [step for domain in domains for step in domain.steps]
    late = [step for step in steps if step.state not in OVER and step.due_on < day]

    def saying(code: str) -> list[Domain]:
        return [one for one in domains if one.word and one.word.readiness == code]

    return Verdict(
        launch.launched_on is not None,
        saying(Readiness.NOT_READY),
        saying(Readiness.WITH_RISKS),
        [one for one in domains if one.word is None],
        sorted(late, key=lambda step: step.due_on),
    )


@dataclass(frozen=True, slots=True)
class Column:
    """One launch beside the others: how long it took in all, stage by stage."""

    launch: Launch
    days: int | None
    planned: int
    stages: dict[str, StageTime]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Launches of one playbook beside each other."""

    columns: list[Column]
    compared: Compared

    @property
    def done(self) -> list[Column]:
        """Those that were launched, in their order."""
        return [one for one in self.columns if one.days is not None]


def comparison(playbook_id: int | None, day: dt.date) -> Comparison:
    """The launches of a playbook (of all of them, without one), the earliest decided first."""
    rows = launches().order_by("-decided_on", "-pk")
    if playbook_id:
        rows = rows.filter(version__playbook=playbook_id)
    found = list(rows[:MOST_COMPARED])[::-1]
    steps: dict[int, list[LaunchStep]] = defaultdict(list)
    for step in LaunchStep.objects.filter(launch__in=found).order_by("launch", "position", "pk"):
        steps[step.launch_id].append(step)
    columns = [_column(launch, steps[launch.pk], day) for launch in found]
    times = [time for column in columns for time in column.stages.values()]
    return Comparison(columns, compare(times))


def _column(launch: Launch, steps: list[LaunchStep], day: dt.date) -> Column:
    stages = {}
    for stage in stages_of(steps):
        taken = stage.days_taken(day)
        if taken is not None:
            is_over = stage.ended_on is not None
            stages[stage.name] = StageTime(launch.pk, stage.name, stage.days_planned(), taken, is_over)
    days = (launch.launched_on - launch.decided_on).days if launch.launched_on else None
    return Column(launch, days, (launch.target_on - launch.decided_on).days, stages)


def before(launch: Launch) -> Launch | None:
    """The launch of the same playbook that happened last before this one."""
    if launch.launched_on is None:
        return None
    rows = launches().filter(version__playbook=launch.version.playbook_id, launched_on__lt=launch.launched_on)
    return rows.order_by("-launched_on", "-pk").first()
