"""Linear: the issues of teams with their history, cycles and relations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from vertebra.connectors.contract import Choice, WorkPage
from vertebra.connectors.histories.answers import thing, things, word
from vertebra.connectors.histories.linear_issues import account_of, cycle_name, item_of, sprint_of
from vertebra.connectors.histories.noted import Noted
from vertebra.connectors.linear_projects import LinearProjects, LinearSession
from vertebra.connectors.trackers.linear_questions import (
    CYCLES,
    HISTORY,
    ISSUES,
    LABELS,
    LISTED,
    PORTION,
    PROJECTS,
    STATES,
    TEAMS,
    USERS,
    by_team,
)
from vertebra.connectors.trackers.rounds import looked_at
from vertebra.connectors.trail import Flaw, Item, Sprint
from vertebra.connectors.web_json import Reach
from vertebra.kit import clock

# A million issues.
_MOST_PAGES = 4_000


class LinearTracker:
    """Issues of the chosen teams."""

    code = "linear"
    settings = LinearProjects.settings

    def open(self, values: Mapping[str, str], reach: Reach) -> LinearWork:
        """A session: a personal API key goes by itself, a token of an application as a bearer."""
        return LinearWork(LinearProjects().open(values, reach).asker)


class LinearWork(LinearSession):
    """One workspace, asked for work items: first which changed, then each whole, the longest unchanged first."""

    _noted: Noted | None = None

    def fields(self) -> list[Choice]:
        """Nothing: Linear has no fields of one's own."""
        return []

    @property
    def flaws(self) -> list[Flaw]:
        """What was wrong with single issues."""
        return self._noted.flaws if self._noted else []

    def items(self, since: str, chosen: Sequence[str], mapping: Mapping[str, str]) -> Iterator[WorkPage]:
        """Issues that changed since the cursor, which is the moment of the last one that was given."""
        self._noted = noted = Noted(self.asker.host, clock.now())
        listed = {word(one, "id"): word(one, "updatedAt") for one in self._listed(chosen, since)}
        changed = sorted(listed, key=lambda one: (listed[one], one))
        sprints, names = self._cycles(chosen)
        names |= self._names() if changed else {}
        for place in range(0, len(changed), PORTION):
            wanted = changed[place : place + PORTION]
            items = self._whole(wanted, names, noted)
            yield WorkPage(tuple(items), listed[wanted[-1]], len(changed))
        reached = listed[changed[-1]] if changed else since
        yield WorkPage((), reached, len(changed), tuple(sprints))

    def present(self, chosen: Sequence[str]) -> Iterator[str]:
        """The id of each issue that is not in the bin."""
        for one in self._listed(chosen, ""):
            if one.get("trashed") is not True:
                yield word(one, "id")

    def _listed(self, chosen: Sequence[str], since: str) -> Iterator[Mapping[str, Any]]:
        """Which issues there are and when each was changed: all are listed before the first is asked for.

        They come latest first, and one that changes meanwhile is listed again next time.
        """
        wanted = {**by_team(chosen), **({"updatedAt": {"gte": since}} if since else {})}
        yield from self.every(LISTED, "issues", {"filter": wanted}, _MOST_PAGES)

    def _whole(self, wanted: Sequence[str], names: Mapping[str, str], noted: Noted) -> list[Item]:
        """These issues with all their history, in this order; one that was removed meanwhile is none."""
        found = self.ask(ISSUES, {"wanted": list(wanted)})
        known = {word(one, "id"): one for one in things(found, "issues", "nodes")}
        made: list[Item] = []
        for external_id in wanted:
            if (record := known.get(external_id)) is not None:
                item = item_of(self._with_history(record), names)
                made += looked_at(item, word(record, "identifier"), noted)
        return made

    def _with_history(self, record: Mapping[str, Any]) -> Mapping[str, Any]:
        """The issue with the rest of its history, where that is long."""
        steps, paging = things(record, "history", "nodes"), thing(record, "history", "pageInfo")
        while paging.get("hasNextPage") is True and word(paging, "endCursor"):
            asked = {"id": word(record, "id"), "after": word(paging, "endCursor")}
            more = thing(self.ask(HISTORY, asked), "issue", "history")
            steps, paging = [*steps, *things(more, "nodes")], thing(more, "pageInfo")
        return {**record, "history": {"nodes": steps}}

    def _cycles(self, chosen: Sequence[str]) -> tuple[list[Sprint], dict[str, str]]:
        """The cycles of the teams: they begin and end without any issue being changed."""
        found = list(self.every(CYCLES, "cycles", {"filter": by_team(chosen)}))
        sprints = [sprint for one in found if (sprint := sprint_of(one)) is not None]
        return sprints, {word(one, "id"): cycle_name(one) for one in found}

    def _names(self) -> dict[str, str]:
        """What the ids of a history stand for: asked once, which is far less than with every step."""
        names = {
            word(one, "id"): word(one, "name")
            for query, name in ((STATES, "workflowStates"), (LABELS, "issueLabels"), (PROJECTS, "projects"))
            for one in self.every(query, name, {})
        }
        names |= {word(one, "id"): word(one, "key") for one in self.every(TEAMS, "teams", {})}
        return names | {word(one, "id"): account_of(one) for one in self.every(USERS, "users", {})}
