"""Playbooks as people read them: their latest version, its steps by stage, lessons that wait."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from vertebra.roadmap.models import Launch, LaunchStep, Playbook, PlaybookStep, PlaybookVersion

MOST_LESSONS = 60


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a playbook with its steps, and the days that it spans."""

    name: str
    steps: list[PlaybookStep]

    @property
    def starts_day(self) -> int:
        """The first day of the stage, from launch."""
        return min(step.starts_day for step in self.steps)

    @property
    def ends_day(self) -> int:
        """The last day of the stage, from launch."""
        return max(step.ends_day for step in self.steps)


def playbooks() -> "QuerySet[Playbook]":
    """Playbooks in use, with the number of their latest version, of its steps, of launches, of waiting lessons."""
    published = PlaybookVersion.objects.filter(playbook=OuterRef("pk"), published_at__isnull=False)
    drafts = PlaybookVersion.objects.filter(playbook=OuterRef("pk"), published_at__isnull=True)
    rows = Playbook.objects.filter(archived_at__isnull=True)
    return rows.annotate(
        latest_number=Subquery(published.order_by("-number").values("number")[:1]),
        latest_on=Subquery(published.order_by("-number").values("published_at")[:1]),
        is_drafted=Exists(drafts),
        launch_count=Count(
            "versions__launches",
            filter=Q(versions__launches__initiative__archived_at__isnull=True),
            distinct=True,
        ),
    ).order_by("title", "pk")


def usable_versions() -> "QuerySet[PlaybookVersion]":
    """The latest published version of each playbook in use."""
    later = PlaybookVersion.objects.filter(
        playbook=OuterRef("playbook"), published_at__isnull=False, number__gt=OuterRef("number")
    )
    rows = PlaybookVersion.objects.filter(published_at__isnull=False, playbook__archived_at__isnull=True)
    return rows.filter(~Exists(later)).select_related("playbook").order_by("playbook__title", "pk")


def stages(steps: Iterable[PlaybookStep]) -> list[Stage]:
    """Steps by stage, in the order in which each stage first appears."""
    found: dict[str, list[PlaybookStep]] = {}
    for step in steps:
        found.setdefault(step.stage, []).append(step)
    return [Stage(name, rows) for name, rows in found.items()]


def waiting_lessons(playbook: Playbook) -> list[LaunchStep]:
    """What launches of a playbook learnt that no version took in."""
    rows = LaunchStep.objects.filter(
        launch__version__playbook=playbook,
        launch__initiative__archived_at__isnull=True,
        lesson_taken_in__isnull=True,
    ).exclude(lesson="")
    return list(rows.select_related("launch__market").order_by("launch", "position")[:MOST_LESSONS])


def launches_of(playbook: Playbook) -> "QuerySet[Launch]":
    """The launches that follow a playbook, the latest first."""
    rows = Launch.objects.filter(version__playbook=playbook, initiative__archived_at__isnull=True)
    return rows.select_related("initiative", "market", "version").order_by("-decided_on", "-pk")
