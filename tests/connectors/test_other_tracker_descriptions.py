"""What GitHub and Linear are asked of work items, and what is read of them, holds against what they publish.

GitHub's description is taken from the registry of npm (@octokit/openapi); Linear's is among the
real data. GitLab publishes none that could be run.
"""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from graphql import (
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    build_schema,
    graphql_sync,
    parse,
    validate,
)

from tests.connectors import github_world, linear_world
from tests.connectors.github_description import github_description
from tests.connectors.github_world import GitHub
from tests.connectors.linear_world import Linear, cut
from tests.connectors.systems import TOKEN, Asked, Fake, Reply, serving
from vertebra.connectors import linear_projects
from vertebra.connectors.histories.github_issues import item_of
from vertebra.connectors.systems import TRACKERS
from vertebra.connectors.trackers import linear_questions
from vertebra.connectors.web_json import Reach

pytestmark = [pytest.mark.deep, pytest.mark.real_data]
MOST_POINTS = 10_000
ISSUES = "/repos/{owner}/{repo}/issues"
PATHS = {
    2: ("/rate_limit", "/user"),
    4: (ISSUES,),
    5: (f"{ISSUES}/{{issue_number}}",),
    6: (f"{ISSUES}/{{issue_number}}/timeline",),
}


@pytest.fixture(scope="module")
def github(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return github_description(tmp_path_factory.mktemp("description"))


def _strict(schema: Any) -> Any:
    """A schema of OpenAPI 3.0 as one of JSON Schema: what may be null says so in its type."""
    if isinstance(schema, list):
        return [_strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {
        name: _strict(value)
        for name, value in schema.items()
        if name not in {"nullable", "example", "examples"}
    }
    return {"anyOf": [made, {"type": "null"}]} if schema.get("nullable") is True else made


class Described:
    """What GitHub says of the questions that it is asked here."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.components = {"schemas": _strict(document["components"]["schemas"])}
        self.known: dict[str, Any] = {}

    def operation(self, asked: Asked) -> dict[str, Any]:
        """The operation that a path belongs to."""
        parts = asked.path.strip("/").split("/")
        path = f"/{parts[0]}" if len(parts) == 1 else PATHS[len(parts)][0]
        found: dict[str, Any] = self.document["paths"][path]["get"]
        return found

    def check(self, asked: Asked, reply: Reply) -> None:
        """Every parameter and the whole answer are described."""
        operation = self.operation(asked)
        parameters = (
            [self._resolved(one) for one in operation["parameters"]] if "parameters" in operation else []
        )
        known = {one["name"]: one["schema"] for one in parameters if one["in"] == "query"}
        for name, text in asked.query.items():
            assert name in known, f"{name} is not a parameter of {asked.path}"
            assert text in known[name].get("enum", [text]), f"{text} is no value of {name}"
        assert str(reply[0]) in operation["responses"]
        if reply[0] != 200:
            return
        errors = [
            f"{one.instance_path}: {one.message[:300]}"
            for one in self._validator(operation).iter_errors(reply[2])
        ]
        assert errors == []

    def _resolved(self, parameter: dict[str, Any]) -> dict[str, Any]:
        named = parameter.get("$ref", "").rpartition("/")[2]
        found: dict[str, Any] = self.document["components"]["parameters"][named] if named else parameter
        return found

    def _validator(self, operation: dict[str, Any]) -> Any:
        code = operation["operationId"]
        if code not in self.known:
            schema = _strict(operation["responses"]["200"]["content"]["application/json"]["schema"])
            self.known[code] = jsonschema_rs.validator_for({**schema, "components": self.components})
        return self.known[code]


def _happened() -> list[dict[str, Any]]:
    """Something of each kind that is read."""
    at, event, user = github_world.BEGAN, github_world.event, github_world.user
    card = {
        "id": 1,
        "url": "https://x.org",
        "project_id": 2,
        "project_url": "https://x.org",
        "column_name": "Doing",
    }
    return [
        event("labeled", at, label={"name": "hull", "color": "ff0000"}),
        event("assigned", at, assignee=user("wanda-miro")),
        event("milestoned", at, milestone={"title": "Spring"}),
        event("renamed", at, rename={"from": "A", "to": "B"}),
        event(
            "review_requested", at, review_requester=user("yann-orsel"), requested_reviewer=user("wanda-miro")
        ),
        event("moved_columns_in_project", at, project_card={**card, "previous_column_name": "To do"}),
        event("closed", at, state_reason="completed"),
        event("issue_type_added", at, issue_type={"id": 1, "name": "Bug"}),
    ]


def test_github_is_asked_and_answers_as_it_publishes(github: dict[str, Any]) -> None:
    described, world = Described(github), GitHub()
    for number in range(1, 131):
        world.add(github_world.issue(number, labels=[github_world.label("hull")]), *_happened())
    plain = world.answer

    def checked(asked: Asked) -> Reply:
        reply = plain(asked)
        described.check(asked, reply)
        return reply

    world.fake.answer = checked
    with serving(world.fake):
        session = TRACKERS["github"].open(
            {"address": world.fake.address, "token": TOKEN}, Reach(private=["127.0.0.1"])
        )
        found = [item for page in session.items("", ["red/boat"], {}) for item in page.items]
        again = list(
            session.items("|2026-01-05T09:00:00.000Z|red/boat|2026-01-08T09:00:00.000Z", ["red/boat"], {})
        )
        assert len(list(session.present(["red/boat"]))) == 130
    assert len(found) == 130
    assert {len(item.changes) for item in found} == {9}
    assert len([item for page in again for item in page.items]) == 59


def test_the_description_refuses_what_it_does_not_know(github: dict[str, Any]) -> None:
    described = Described(github)
    asked = Asked("GET", "/repos/red/boat/issues", {"state": "all"}, {}, None)
    good = github_world.issue(1)
    described.check(asked, (200, {}, [good]))
    for query, answer in (
        ({"odd": "1"}, [good]),
        ({"state": "sideways"}, [good]),
        ({}, [{**good, "number": "1"}]),
        ({}, {}),
    ):
        with pytest.raises(AssertionError):
            described.check(Asked("GET", asked.path, query, {}, None), (200, {}, answer))


def test_what_github_publishes_as_examples_is_read(github: dict[str, Any]) -> None:
    examples = github["components"]["examples"]
    timeline = examples["timeline-issue-events"]["value"]
    item = item_of({**examples["issue"]["value"], "timeline": timeline})
    assert item is not None
    assert (item.key, item.title, item.status) == ("octocat/Hello-World#1347", "Found a bug", "open")
    assert (item.labels, item.reporter, item.assignee, item.versions) == (
        ("bug",),
        "octocat",
        "octocat",
        ("v1.0",),
    )
    assert [one.external_id for record in examples["issue-items"]["value"] if (one := item_of(record))] == [
        "1"
    ]
    known = {one["event"] for one in timeline}
    assert {one.field for one in item.changes} >= ({"labels"} if "labeled" in known else set())


@pytest.fixture(scope="module")
def schema() -> Iterator[GraphQLSchema]:
    import os

    folder = os.environ.get("VERTEBRA_REAL_DATA", "")
    if not folder:
        pytest.skip("VERTEBRA_REAL_DATA names no folder")
    yield build_schema((Path(folder) / "api-specs" / "linear-2026-07.graphql").read_text(encoding="utf-8"))


def _questions() -> dict[str, str]:
    both = {**vars(linear_projects), **vars(linear_questions)}
    return {name: text for name, text in both.items() if isinstance(text, str) and text.startswith("query ")}


def _points(selected: SelectionSetNode) -> float:
    """What Linear's manual says that a question weighs: a tenth for a word, one for an object, a list times its length."""
    total = 0.0
    for field in selected.selections:
        inner = getattr(field, "selection_set", None)
        if inner is None:
            total += 0.1
            continue
        first = next((int(one.value.value) for one in field.arguments or () if one.name.value == "first"), 1)  # type: ignore[attr-defined]
        total += 1 + _points(inner) * first
    return total


@pytest.mark.parametrize("name", sorted(_questions()))
def test_linear_understands_every_question_and_finds_none_too_heavy(schema: GraphQLSchema, name: str) -> None:
    document = parse(_questions()[name])
    assert validate(schema, document) == []
    (operation,) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    assert _points(operation.selection_set) <= MOST_POINTS


class Root:
    """What questions of Linear begin with, over a workspace that remembers."""

    def __init__(self, world: Linear) -> None:
        self.world = world

    def issues(self, _info: Any, first: int = 50, after: str | None = None, **asked: Any) -> dict[str, Any]:
        rows = [self._issue(one) for one in self.world.issues(asked.get("filter") or {})]
        return cut(rows, first, after)

    def issue(self, _info: Any, id: str) -> dict[str, Any]:
        return self._issue(self.world.held[id])

    def _issue(self, told: dict[str, Any]) -> dict[str, Any]:
        def of(name: str) -> Any:
            return lambda _info, first=50, after=None, **_asked: cut(told[name], first, after)

        return {
            **told,
            **{name: of(name) for name in ("history", "comments", "relations", "inverseRelations")},
        }

    def cycles(self, _info: Any, first: int = 50, after: str | None = None, **_asked: Any) -> dict[str, Any]:
        return cut(linear_world.CYCLES, first, after)

    def workflowStates(self, _info: Any, **_asked: Any) -> dict[str, Any]:
        return cut([{"id": code, "name": told[0]} for code, told in linear_world.STATES.items()], 250, None)

    def issueLabels(self, _info: Any, **_asked: Any) -> dict[str, Any]:
        return cut([{"id": code, "name": told} for code, told in linear_world.LABELS.items()], 250, None)

    def projects(self, _info: Any, **_asked: Any) -> dict[str, Any]:
        return cut([{"id": "p-1", "name": "Afloat"}], 250, None)

    def users(self, _info: Any, **_asked: Any) -> dict[str, Any]:
        return cut([linear_world.person(one) for one in linear_world.PEOPLE], 250, None)

    def teams(self, _info: Any, **_asked: Any) -> dict[str, Any]:
        rows = [{"id": code, "key": key, "name": name} for code, (key, name) in linear_world.TEAMS.items()]
        return cut(rows, 250, None)

    def viewer(self, _info: Any) -> dict[str, Any]:
        return {"id": "1"}

    def organization(self, _info: Any) -> dict[str, Any]:
        return {"name": "Boats"}


def _resolved(schema: GraphQLSchema, world: Linear) -> Fake:
    def answer(asked: Asked) -> Reply:
        assert asked.headers["authorization"].endswith(TOKEN)
        done = graphql_sync(
            schema, asked.body["query"], root_value=Root(world), variable_values=asked.body["variables"]
        )
        assert done.errors is None, done.errors
        return 200, {}, {"data": done.data}

    return Fake(answer)


def test_linear_answers_by_its_schema_and_what_it_says_is_read(schema: GraphQLSchema) -> None:
    world, ends = Linear(), ("s-doing", "s-review")
    for number in range(1, 81):
        steps = [
            linear_world.step(
                linear_world.BEGAN + dt.timedelta(days=at), fromStateId=ends[at % 2], toStateId=ends[1 - at % 2],
                toCycleId="c-2", addedLabelIds=["l-hull"], fromPriority=0.0, toPriority=float(at % 4 + 1),
            )
            for at in range(number)
        ]  # fmt: skip
        related = {"type": "blocks", "relatedIssue": {"identifier": "RED-1"}}
        world.add(linear_world.issue(number, *steps, relations=[related], cycle=linear_world.CYCLES[1]))
    fake = _resolved(schema, world)
    with serving(fake):
        session = TRACKERS["linear"].open(
            {"address": fake.address, "token": TOKEN}, Reach(private=["127.0.0.1"])
        )
        assert session.check() == "Boats"
        assert [one.code for one in session.choices()] == ["RED", "BLUE"]
        found = {item.key: item for page in session.items("", ["RED"], {}) for item in page.items}
        assert len(set(session.present(["RED"]))) == 80
    assert len(found) == 80
    assert [
        len([one for one in found[f"RED-{number}"].changes if one.field == "status"])
        for number in (1, 20, 80)
    ] == [1, 20, 80]
    assert found["RED-7"].ties[0].other == "RED-1"
    assert found["RED-7"].sprints[0].name == "Spring"
