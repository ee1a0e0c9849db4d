"""What Jira, GitHub and Linear say of a release comes out as they mean it."""

import datetime as dt

import pytest

from tests.connectors import systems
from tests.connectors.systems import TOKEN, Fake, opened, serving
from vertebra.connectors.faults import Fault, Trouble
from vertebra.connectors.release_notes import ReleaseRecord
from vertebra.connectors.systems import CONNECTORS


def _records(
    code: str, fake: Fake, chosen: list[str], token: str = TOKEN, **more: str
) -> dict[str, ReleaseRecord]:
    with serving(fake):
        connector, session = CONNECTORS[code], opened(code, fake, token, **more)
        stream = connector.streams[0].code
        made = [
            connector.normalise(stream, one)
            for page in session.read(stream, "", chosen)
            for one in page.records
        ]
    return {one.external_id: one for one in made if one}


def _issue(number: int, kind: str, versions: list[int], *components: str) -> dict[str, object]:
    fields = {
        "summary": f"Thing {number}", "issuetype": {"name": kind}, "components": [{"name": one} for one in components],
        "fixVersions": [{"id": str(one)} for one in versions], "assignee": {"displayName": "somebody"},
    }  # fmt: skip
    return {"id": str(number), "key": f"RED-{number}", "fields": fields}


def test_a_fix_version_brings_its_issues_by_type() -> None:
    issues = [
        _issue(1, "Bug", [7], "hull"), _issue(2, "Story", [7, 8], "sail"), _issue(3, "Bug", [7]),
        _issue(4, "Bug", [99]), _issue(5, "Spike", [7]),
    ]  # fmt: skip
    versions = [
        systems.version(7, description="Afloat, see https://example.org/afloat."),
        systems.version(8, released=False, releaseDate=None),
        systems.version(9, archived=True, released=False),
    ]
    found = _records("jira", systems.jira({"RED": versions}, issues), ["RED"], email="reader@example.org")
    seven = found["7"]
    assert (seven.name, seven.on, seven.state) == ("v7", dt.date(2026, 1, 8), "released")
    assert [(one.title, one.kind, len(one.items)) for one in seven.sections] == [
        ("Bug", "fixed", 2), ("Story", "added", 1), ("Spike", "other", 1),
    ]  # fmt: skip
    assert seven.sections[0].items[0].text == "Thing 1 (RED-1)"
    assert (seven.areas, seven.links) == (("hull", "sail"), ("https://example.org/afloat",))
    assert seven.url == "https://boats.example.org/projects/RED/versions/7"
    assert (found["8"].state, found["8"].on, found["8"].item_count) == ("planned", None, 1)
    assert found["9"].state == "withdrawn"
    assert "somebody" not in repr(found)


def test_jira_is_asked_as_its_kind_of_account_wants_it() -> None:
    fake = systems.jira({"RED": [systems.version(7)]})
    _records("jira", fake, ["RED"], email="reader@example.org")
    assert {one.headers["authorization"].split()[0] for one in fake.asked} == {"Basic"}
    assert all(one.path.startswith("/rest/api/3/") for one in fake.asked)
    other = systems.jira({"RED": [systems.version(7)]})
    _records("jira", other, ["RED"])
    assert {one.headers["authorization"] for one in other.asked} == {f"Bearer {TOKEN}"}
    assert all(one.path.startswith("/rest/api/2/") for one in other.asked)


def test_a_project_that_is_gone_says_so() -> None:
    with pytest.raises(Trouble) as raised:
        _records("jira", systems.jira({"RED": []}), ["GONE"])
    assert raised.value.fault == Fault.NOT_THERE


def test_names_of_projects_and_repositories_stay_in_their_place() -> None:
    fake = systems.jira({"RED": []})
    with pytest.raises(Trouble):
        _records("jira", fake, ["../../../secure/admin?x="])
    assert fake.asked[0].path.startswith("/rest/api/2/project/..%2F")
    with pytest.raises(Trouble):
        _records("github", systems.github({}), ["red/boat/../../user"])


def test_a_github_release_is_read_by_the_sections_of_its_text() -> None:
    draft = systems.release(8, draft=True, published_at=None, name="")
    found = _records("github", systems.github({"red/boat": [systems.release(7), draft]}), ["red/boat"])
    seven, eight = found["7"], found["8"]
    assert (seven.name, seven.title, seven.on, seven.state) == (
        "v7",
        "Boat 7",
        dt.date(2026, 1, 8),
        "released",
    )
    assert [(one.kind, len(one.items)) for one in seven.sections] == [("fixed", 1)]
    assert seven.url == "https://example.org/red/boat/releases/tag/v7"
    assert (eight.title, eight.on, eight.state) == ("v8", None, "planned")


def test_github_without_a_token_is_asked_without_one() -> None:
    fake = systems.github({"red/boat": [systems.release(7)]})
    assert len(_records("github", fake, ["red/boat"], token="")) == 1
    assert not any("authorization" in one.headers for one in fake.asked)


def test_the_next_page_is_asked_of_the_same_place() -> None:
    fake = systems.github({"red/boat": [systems.release(number) for number in range(1, 251)]})
    assert len(_records("github", fake, ["red/boat"])) == 250
    assert {one.path for one in fake.asked} == {"/repos/red/boat/releases"}


def test_github_s_own_limit_is_waited_for_when_it_is_near() -> None:
    fake = systems.github({"red/boat": []})
    with serving(fake):
        session = opened("github", fake)
        session.asker.now = lambda: 1000.0  # type: ignore[attr-defined]
        limited = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1030"}
        fake.first = [(403, limited, {"message": "API rate limit exceeded"})]
        session.check()
        assert session.waits == [30.0]  # type: ignore[attr-defined]
        fake.first = [(403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "4600"}, {})]
        with pytest.raises(Trouble) as raised:
            session.check()
    assert (raised.value.fault, raised.value.particulars["seconds"]) == (Fault.THROTTLED, 3600)


@pytest.mark.parametrize(
    ("more", "state", "on"),
    [
        ({}, "planned", dt.date(2026, 3, 31)),
        ({"status": {"name": "Shipped", "type": "completed"}, "completedAt": "2026-04-02T23:10:00.000Z"}, "released",
         dt.date(2026, 4, 2)),
        ({"status": {"name": "No", "type": "canceled"}}, "withdrawn", dt.date(2026, 3, 31)),
        ({"trashed": True}, "withdrawn", dt.date(2026, 3, 31)),
        ({"targetDate": None}, "planned", None),
        ({"status": {"name": "?", "type": "dreamt"}}, "planned", dt.date(2026, 3, 31)),
    ],
)  # fmt: skip
def test_a_linear_project_is_as_far_as_its_status_says(
    more: dict[str, object], state: str, on: dt.date
) -> None:
    made = _records("linear", systems.linear([systems.project(7, **more)]), ["RED"])["p0007"]
    assert (made.state, made.on, made.title) == (state, on, "Boat 7")
    assert (made.teams, made.areas) == (("Red boats",), ("sails",))
    assert made.body == "A boat.\n\n## Added\n- A sail."


def test_linear_is_asked_for_what_changed_and_for_the_chosen_teams() -> None:
    fake = systems.linear([systems.project(number) for number in range(1, 130)])
    with serving(fake):
        session = opened("linear", fake)
        pages = list(session.read("projects", "2026-02-01T00:01:40.000Z@p0100", ["RED"]))
    assert [one["id"] for page in pages for one in page.records] == [
        f"p{number:04}" for number in range(101, 130)
    ]
    assert fake.asked[0].body["variables"]["filter"] == {
        "updatedAt": {"gte": "2026-02-01T00:01:40.000Z"},
        "accessibleTeams": {"some": {"key": {"in": ["RED"]}}},
    }


def test_a_personal_key_of_linear_goes_by_itself() -> None:
    fake = systems.linear([])
    with serving(fake):
        opened("linear", fake, f"lin_api_{TOKEN}").check()
    assert fake.asked[0].headers["authorization"] == f"lin_api_{TOKEN}"


def test_linear_says_in_its_answer_that_it_is_asked_too_often() -> None:
    fake = Fake(lambda _asked: (400, {}, {"errors": [{"extensions": {"code": "RATELIMITED"}}]}))
    with serving(fake), pytest.raises(Trouble) as raised:
        opened("linear", fake).check()
    assert raised.value.fault == Fault.THROTTLED
