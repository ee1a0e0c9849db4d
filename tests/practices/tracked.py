"""A tracker whose items move in the weeks before the day of the tests: a team of six, a team of three."""

import datetime as dt
from pathlib import Path
from typing import Any

from tests import world
from tests.evidence import trail_world
from tests.org.company import LONG_AGO, person, unit
from vertebra.evidence.models import WorkPlace
from vertebra.org.models import Unit
from vertebra.practices.models import (
    Check,
    CoAuthor,
    Practice,
    PracticeReach,
    PracticeText,
    PracticeVersion,
)
from vertebra.sources.models import Source

BEGAN = dt.datetime(2026, 8, 3, 9, tzinfo=dt.UTC)
OPEN, DOING, DONE = ("Open", "new"), ("In Progress", "indeterminate"), ("Done", "done")


def practice(
    name: str = "Ready means ready", *, why: str = "So that nobody waits.", author: str = "Noor"
) -> Practice:
    """A practice that says why, has a co-author and holds everywhere."""
    row = Practice.objects.create(name=name, language="en", created_at=world.NOW, changed_at=world.NOW)
    version = PracticeVersion.objects.create(
        practice=row, number=1, created_at=world.NOW, changed_at=world.NOW
    )
    PracticeText.objects.create(version=version, language="en", name=name, why=why)
    if author:
        CoAuthor.objects.create(practice=row, person=person(author), added_at=world.NOW)
    PracticeReach.objects.create(
        practice=row,
        unit=None,
        reach="standard",
        is_registered=True,
        starts_on=LONG_AGO,
        created_at=world.NOW,
    )
    return row


def who(project: str, number: int) -> dict[str, str]:
    """Somebody of a team."""
    name = f"{project.lower()}-{number}"
    return {"key": name, "name": name, "displayName": name.title(), "emailAddress": f"{name}@example.org"}


def issue(project: str, number: int, people: int) -> dict[str, Any]:
    """An item that was begun three days after it was created; every third was done, every fourth has no estimate."""
    created = BEGAN + dt.timedelta(days=number % 60)
    steps = [(3, OPEN, DOING), (9, DOING, DONE)] if number % 3 == 0 else [(3, OPEN, DOING)]
    status = steps[-1][2]
    histories = [
        {
            "created": trail_world.stamp(created + dt.timedelta(days=days)),
            "author": who(project, (number + days) % people),
            "items": [
                {"field": "status", "fieldtype": "jira", "fromString": before[0], "toString": after[0]}
            ],
        }
        for days, before, after in steps
    ]
    fields = {
        "summary": f"Something of {project} to be done {number}",
        "project": {"key": project},
        "issuetype": {"name": "Story"},
        "status": {"name": status[0], "statusCategory": {"key": status[1]}},
        "priority": {"name": "High"} if number % 5 else None,
        "created": trail_world.stamp(created),
        "updated": trail_world.stamp(created + dt.timedelta(days=steps[-1][0])),
        "assignee": who(project, number // 3 % people),
        "reporter": who(project, 0),
        "customfield_10016": None if number % 4 == 0 else 3.0,
    }
    return {"id": f"{project}{number}", "key": f"{project}-{number}", "fields": fields,
            "changelog": {"total": len(histories), "histories": histories}}  # fmt: skip


def bring(folder: Path) -> tuple[Unit, Unit, Unit]:
    """The tracker of a tribe with a team of six and one of three; gives the tribe and its teams."""
    tribe = unit("Payments", slug="tribe")
    large, small = unit("Shop", tribe), unit("Web", tribe)
    issues = [issue("SHOP", number, 6) for number in range(1, 61)]
    issues += [issue("WEB", number, 3) for number in range(1, 31)]
    trail_world.bring(trail_world.write(folder / "issues.jsonl", issues), points="customfield_10016")
    source = Source.objects.get()
    for project, team in (("SHOP", large), ("WEB", small)):
        WorkPlace.objects.create(source=source, way="project", value=project, unit=team, is_mapped=True)
    return tribe, large, small


def tried(check: Check) -> dict[str, Any]:
    """What the last try of a check told of its last week."""
    trial = check.trials.order_by("-asked_at", "-id")[0]
    assert (trial.state, trial.trouble) == ("done", "")
    return {**trial.weeks[-1], "examples": trial.examples}
