"""A Linear on this machine that remembers: issues with their history, cycles and relations, which change and are removed.

Its answers are those of the published schema, against which the deep tests hold them.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from tests.connectors.systems import TOKEN, Asked, Fake, Reply

BEGAN = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
STATES = {
    "s-backlog": ("Backlog", "backlog"), "s-todo": ("Todo", "unstarted"), "s-doing": ("In Progress", "started"),
    "s-review": ("In Review", "started"), "s-done": ("Done", "completed"), "s-no": ("Canceled", "canceled"),
}  # fmt: skip
LABELS = {"l-hull": "hull", "l-sail": "sail"}
PEOPLE = ("zoe-quist", "yann-orsel", "xavier-lund", "wanda-miro")
TEAMS = {"t-red": ("RED", "Red boats"), "t-blue": ("BLUE", "Blue boats")}
CYCLES = [
    {"id": "c-1", "number": 11.0, "name": None, "startsAt": "2026-01-05T00:00:00.000Z", "endsAt": "2026-01-19T00:00:00.000Z",
     "completedAt": "2026-01-19T00:05:00.000Z", "isActive": False, "isPast": True},
    {"id": "c-2", "number": 12.0, "name": "Spring", "startsAt": "2026-01-19T00:00:00.000Z", "endsAt": "2026-02-02T00:00:00.000Z",
     "completedAt": None, "isActive": True, "isPast": False},
]  # fmt: skip


def stamp(at: dt.datetime) -> str:
    """A moment as Linear writes it."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def person(name: str) -> dict[str, Any]:
    """Somebody as Linear tells of them."""
    return {"id": f"u-{name}", "email": f"{name}@example.org"}


def state(code: str) -> dict[str, Any]:
    """A state as an issue tells it."""
    return {"name": STATES[code][0], "type": STATES[code][1]}


def step(at: dt.datetime, who: str = "yann-orsel", **changed: Any) -> dict[str, Any]:
    """What somebody changed at one moment."""
    return {"id": f"h-{stamp(at)}", "createdAt": stamp(at), "actorId": f"u-{who}", **changed}


def issue(number: int, *history: dict[str, Any], team: str = "RED", **more: Any) -> dict[str, Any]:
    """An issue; its texts and people must be found nowhere afterwards."""
    at = stamp(BEGAN + dt.timedelta(hours=number))
    return {
        "id": f"i-{team}-{number:05}", "identifier": f"{team}-{number}", "title": f"A leak {number}", "createdAt": at,
        "description": "A secret text that nobody keeps", "updatedAt": max([at, *(one["createdAt"] for one in history)]),
        "completedAt": None, "canceledAt": None, "dueDate": None, "priority": 0.0, "estimate": None, "labelIds": [],
        "trashed": None, "state": state("s-backlog"), "team": {"key": team}, "creator": person("zoe-quist"), "assignee": None,
        "parent": None, "project": None, "projectMilestone": None, "cycle": None, "comments": [{"id": "1"}, {"id": "2"}],
        "relations": [], "inverseRelations": [], "history": list(history), **more,
    }  # fmt: skip


def cut(rows: list[dict[str, Any]], first: int, after: str | None) -> dict[str, Any]:
    """So many rows after a cursor, as a list of Linear holds them."""
    at = int(after or 0)
    return {
        "nodes": rows[at : at + first],
        "pageInfo": {"hasNextPage": at + first < len(rows), "endCursor": str(at + first)},
    }


class Linear:
    """One workspace."""

    def __init__(self) -> None:
        self.held: dict[str, dict[str, Any]] = {}
        self.fake = Fake(self.answer)

    def add(self, told: dict[str, Any]) -> dict[str, Any]:
        """An issue is there."""
        self.held[told["id"]] = told
        return told

    def change(self, number: int, what: dict[str, Any], **now: Any) -> None:
        """Something happens to an issue."""
        told = self.held[f"i-RED-{number:05}"]
        told["history"].append(what)
        told.update(now, updatedAt=what["createdAt"])

    def issues(self, wanted: dict[str, Any]) -> list[dict[str, Any]]:
        """The issues that a filter lets through, the one that changed last first."""
        ids, teams = (
            (wanted.get("id") or {}).get("in"),
            ((wanted.get("team") or {}).get("key") or {}).get("in"),
        )
        since = str((wanted.get("updatedAt") or {}).get("gte", ""))
        found = [
            one for one in self.held.values()
            if (ids is None or one["id"] in ids) and (teams is None or one["team"]["key"] in teams) and one["updatedAt"] >= since
        ]  # fmt: skip
        return sorted(found, key=lambda one: str(one["updatedAt"]), reverse=True)

    def whole(self, told: dict[str, Any], first: int = 20) -> dict[str, Any]:
        """An issue with the beginnings of its lists."""
        lists = {name: {"nodes": told[name]} for name in ("comments", "relations", "inverseRelations")}
        return {**told, **lists, "history": cut(told["history"], first, None)}

    def answer(self, asked: Asked) -> Reply:
        """What Linear says."""
        if TOKEN not in asked.headers.get("authorization", ""):
            return (
                401,
                {},
                {"errors": [{"message": "Not allowed", "extensions": {"code": "AUTHENTICATION_ERROR"}}]},
            )
        name = asked.body["query"].split()[1].partition("(")[0]
        variables = asked.body["variables"]
        return 200, {}, {"data": self._told(name, variables, variables.get("after"))}

    def _told(self, name: str, variables: dict[str, Any], after: str | None) -> dict[str, Any]:
        if name == "Viewer":
            return {"viewer": {"id": "1"}, "organization": {"name": "Boats"}}
        if name == "Listed":
            return {"issues": cut(self.issues(variables["filter"]), 250, after)}
        if name == "Issues":
            found = self.issues({"id": {"in": variables["wanted"]}})
            return {"issues": {"nodes": [self.whole(one) for one in found]}}
        if name == "History":
            return {"issue": {"history": cut(self.held[variables["id"]]["history"], 100, after)}}
        lists: dict[str, tuple[str, list[dict[str, Any]]]] = {
            "Cycles": ("cycles", CYCLES),
            "States": ("workflowStates", [{"id": code, "name": told[0]} for code, told in STATES.items()]),
            "Labels": ("issueLabels", [{"id": code, "name": told} for code, told in LABELS.items()]),
            "Projects": ("projects", [{"id": "p-1", "name": "Afloat"}]),
            "Users": ("users", [person(one) for one in PEOPLE]),
            "AllTeams": ("teams", [{"id": code, "key": told[0]} for code, told in TEAMS.items()]),
            "Teams": ("teams", [{"key": key, "name": told} for key, told in TEAMS.values()]),
        }
        field, rows = lists[name]
        return {field: cut(rows, 250, after)}


def holding(works: Sequence[Any]) -> Fake:
    """A Linear that holds some work of one team, whose state goes on with every step."""
    world, codes = Linear(), ("s-todo", "s-doing", "s-done")
    for one in works:
        steps = [
            step(one.at(place), fromStateId=codes[place % 3], toStateId=codes[(place + 1) % 3])
            for place in range(one.steps)
        ]
        updated = stamp(one.at(one.steps - 1) if one.steps else one.began)
        told = issue(
            one.number,
            *steps,
            createdAt=stamp(one.began),
            updatedAt=updated,
            state=state(codes[one.steps % 3]),
        )
        world.add(told)
    return world.fake
