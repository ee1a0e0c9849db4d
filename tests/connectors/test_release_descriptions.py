"""What is asked of Jira and Linear, and what is read of them, holds against the descriptions that they publish."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from graphql import GraphQLSchema, build_schema, graphql_sync

from tests.connectors import systems
from tests.connectors.systems import TOKEN, Asked, Fake, Reply, opened, serving
from vertebra.connectors.systems import CONNECTORS

pytestmark = [pytest.mark.deep, pytest.mark.real_data]


class Described:
    """An OpenAPI description: is this a request it knows, is that an answer it gives?"""

    def __init__(self, path: Path) -> None:
        self.document = json.loads(path.read_text(encoding="utf-8"))

    def operation(self, method: str, path: str) -> dict[str, Any]:
        """What the description says of the request; a fixed part of a path goes before a variable one."""
        asked = path.split("/")
        found = [
            (sum(part.startswith("{") for part in known.split("/")), known)
            for known in self.document["paths"]
            if len(known.split("/")) == len(asked)
            and all(a == b or a.startswith("{") for a, b in zip(known.split("/"), asked, strict=True))
        ]
        assert found, f"{path} is not described"
        operations = self.document["paths"][min(found)[1]]
        assert method.lower() in operations, f"{method} {path} is not described"
        operation: dict[str, Any] = operations[method.lower()]
        return operation

    def check_request(self, asked: Asked) -> None:
        """Every value in the address is one that is described, of the type that is described."""
        known = {
            one["name"]: one["schema"]
            for one in self.operation(asked.method, asked.path).get("parameters", [])
            if one["in"] == "query"
        }
        for name, text in asked.query.items():
            assert name in known, f"{name} is not a parameter of {asked.path}"
            schema = known[name]
            value: Any = int(text) if schema.get("type") == "integer" else text
            value = [value] if schema.get("type") == "array" else value
            self.check(schema, value)

    def check_answer(self, asked: Asked, reply: Reply) -> None:
        """The answer is one that is described."""
        responses = self.operation(asked.method, asked.path)["responses"]
        assert str(reply[0]) in responses, f"{reply[0]} is not an answer of {asked.path}"
        if reply[0] == 200:
            self.check(responses["200"]["content"]["application/json"]["schema"], reply[2])

    def check(self, schema: dict[str, Any], value: Any) -> None:
        """A value against a schema of the description."""
        whole = {**schema, "components": self.document["components"]}
        errors = [error.message for error in jsonschema_rs.validator_for(whole).iter_errors(value)]
        assert errors == []


@pytest.fixture(scope="module")
def described(real_data_of_all: Path) -> Described:
    return Described(real_data_of_all / "api-specs" / "jira-platform-v3-2025-07.json")


@pytest.fixture(scope="module")
def schema(real_data_of_all: Path) -> GraphQLSchema:
    return build_schema(
        (real_data_of_all / "api-specs" / "linear-2026-07.graphql").read_text(encoding="utf-8")
    )


@pytest.fixture(scope="module")
def real_data_of_all() -> Iterator[Path]:
    import os

    folder = os.environ.get("VERTEBRA_REAL_DATA", "")
    if not folder:
        pytest.skip("VERTEBRA_REAL_DATA names no folder")
    yield Path(folder)


def test_jira_is_asked_and_answers_as_it_publishes(described: Described) -> None:
    issue = {
        "id": "1", "key": "RED-1", "self": "https://boats.example.org/rest/api/3/issue/1",
        "fields": {"summary": "A leak", "issuetype": {"name": "Bug"}, "components": [], "fixVersions": [{"id": "7"}]},
    }  # fmt: skip
    versions = [systems.version(number) for number in range(1, 121)]
    fake = systems.jira({"RED": versions}, [issue, {**issue, "id": "2"}, {**issue, "id": "3"}])
    answer = fake.answer

    def checked(asked: Asked) -> Reply:
        described.check_request(asked)
        reply = answer(asked)
        described.check_answer(asked, reply)
        return reply

    fake.answer = checked
    with serving(fake):
        session = opened("jira", fake, email="reader@example.org")
        assert session.check() == "Reader"
        assert [one.code for one in session.choices()] == ["RED"]
        pages = list(session.read("versions", "", ["RED"]))
    made = [CONNECTORS["jira"].normalise("versions", one) for page in pages for one in page.records]
    assert [one.item_count for one in made if one][6] == 3
    assert (len(made), len(fake.asked)) == (120, 2 + 3 + 3 + 1)


def test_a_jira_version_with_all_that_is_described_becomes_a_release(described: Described) -> None:
    example = json.loads(
        described.operation("GET", "/rest/api/3/project/RED/version")["responses"]["200"]["content"][
            "application/json"
        ]["example"]
    )
    made = [CONNECTORS["jira"].normalise("versions", {**one, "project": "PR"}) for one in example["values"]]
    assert [(one.name, one.state, str(one.on)) for one in made if one] == [
        ("New Version 1", "released", "2010-07-06"),
        ("Next Version", "planned", "None"),
    ]


def _resolved(schema: GraphQLSchema, projects: list[dict[str, Any]]) -> Fake:
    """A Linear that understands any question of its published schema."""

    class Root:
        """What the questions begin with."""

        def projects(self, _info: Any, **asked: Any) -> dict[str, Any]:
            since = asked.get("filter", {}).get("updatedAt", {}).get("gte", "")
            rows = sorted(
                (one for one in projects if one["updatedAt"] >= str(since)),
                key=lambda one: str(one["updatedAt"]), reverse=True,
            )  # fmt: skip
            at, size = int(asked.get("after") or 0), asked.get("first", 50)
            paging = {"hasNextPage": at + size < len(rows), "endCursor": str(at + size)}
            return {"nodes": rows[at : at + size], "pageInfo": paging}

        def teams(self, _info: Any, **_asked: Any) -> dict[str, Any]:
            return {"nodes": [{"key": "RED", "name": "Red boats"}], "pageInfo": {"hasNextPage": False}}

        def viewer(self, _info: Any) -> dict[str, Any]:
            return {"id": "1"}

        def organization(self, _info: Any) -> dict[str, Any]:
            return {"name": "Boats"}

    def answer(asked: Asked) -> Reply:
        assert asked.headers["authorization"].endswith(TOKEN)
        body = asked.body
        done = graphql_sync(schema, body["query"], root_value=Root(), variable_values=body["variables"])
        told = {"data": done.data} | (
            {"errors": [error.formatted for error in done.errors]} if done.errors else {}
        )
        return (400 if done.errors else 200), {}, told

    return Fake(answer)


def test_linear_understands_every_question_and_what_it_says_is_read(schema: GraphQLSchema) -> None:
    fake = _resolved(schema, [systems.project(number) for number in range(1, 121)])
    with serving(fake):
        session = opened("linear", fake)
        assert session.check() == "Boats"
        assert [(one.code, one.name) for one in session.choices()] == [("RED", "Red boats")]
        pages = list(session.read("projects", "2026-02-01T00:00:10.000Z@p0010", ["RED"]))
    made = [CONNECTORS["linear"].normalise("projects", one) for page in pages for one in page.records]
    assert [one.external_id for one in made if one] == [f"p{number:04}" for number in range(11, 121)]
    assert made[0] is not None
    assert made[0].sections[0].items[0].text == "A sail."
