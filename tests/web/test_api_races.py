"""Many tools writing at once through a real server: each row there once, nothing lost, nothing failing."""

import json
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.operate.conftest import NewInstance, made_ready, shared_instances
from tests.operate.instances import Instance, until
from tests.ports import free_port

__all__ = ["made_ready", "shared_instances"]
TOKEN = """
import datetime as dt, json
from vertebra.accounts.actions.tokens import make_token
from vertebra.accounts.labels import Role
from vertebra.accounts.models import User
from vertebra.kit import clock
now = clock.now()
user = User.objects.create(email="tool@example.org", name="Tool", role=Role.PRODUCT_OPS, created_at=now)
scopes = ["read", "write", "import"]
_token, raw = make_token(actor=user, name="race", scopes=scopes, expires_at=now + dt.timedelta(days=9), now=now)
print(json.dumps(raw))
"""
COUNT = """
import json
from django.db.models import Count
from vertebra.accounts.models import AuditEntry, AuditRow
from vertebra.org.models import Person, Unit
print(json.dumps({
    "people": Person.objects.count(),
    "ids": Person.objects.values("external_id").distinct().count(),
    "units": Unit.objects.count(),
    "entries": AuditEntry.objects.filter(verb="import").count(),
    "made": AuditRow.objects.filter(model="org.person", operation="created").count(),
}))
"""


@dataclass(frozen=True)
class Api:
    """A served instance, and a token that may write."""

    instance: Instance
    port: int
    token: str
    counted: Counter[str] = field(default_factory=Counter)

    def made(self) -> dict[str, int]:
        """How many rows of what have come since this was last asked."""
        now = Counter[str](self.instance.python(COUNT))
        come = {name: now[name] - self.counted[name] for name in now}
        self.counted.update(come)
        return come

    def post(self, path: str, body: Any, **headers: str) -> tuple[int, Any]:
        """Send one body: the status and the answer."""
        asked = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1{path}",
            json.dumps(body).encode(),
            {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"} | headers,
        )
        try:
            with urllib.request.urlopen(asked, timeout=300) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def tell(self, ids: Sequence[int], **more: Any) -> tuple[int, Any]:
        """Tell people of a source."""
        records = [
            {"kind": "person", "external_id": f"p{at}", "values": {"name": f"Person {at}"}} for at in ids
        ]
        return self.post("/records", {"source": "hr", "records": records} | more)


@pytest.fixture(scope="module")
def api(shared_instances: NewInstance) -> Iterator[Api]:
    """One server for the file: each test tells of people and units that no other tells of."""
    instance, port = shared_instances(), free_port()
    token = instance.python(TOKEN)
    instance.start("serve", "--port", str(port))

    def answers() -> bool:
        try:
            return bool(urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2).status == 200)
        except OSError:
            return False

    until(answers)
    yield Api(instance, port, token)


@pytest.fixture(autouse=True)
def nothing_fails(api: Api) -> Iterator[None]:
    """No request may fail, whatever it is answered."""
    said = len(api.instance.log())
    yield
    assert "Traceback" not in api.instance.log()[said:], api.instance.log()[-3000:]


@pytest.mark.postgres
def test_200_at_once_about_25_people_make_25_people(api: Api) -> None:
    with ThreadPoolExecutor(40) as pool:
        answers = list(pool.map(lambda at: api.tell([at % 25]), range(200)))
    statuses = Counter(status for status, _answer in answers)
    assert set(statuses) == {200}, statuses
    created = sum(answer["counts"].get("person", {}).get("created", 0) for _status, answer in answers)
    assert created == 25
    assert api.made() == {
        "people": 25,
        "ids": 25,
        "units": 0,
        "entries": 25,
        "made": 25,
    }


def test_what_is_sent_again_after_a_lost_answer_is_there_once(api: Api) -> None:
    answers = [api.tell(range(100, 125)) for _try in range(4)]
    assert [status for status, _answer in answers] == [200] * 4
    assert [answer["entry"] is not None for _status, answer in answers] == [True, False, False, False]
    assert api.made()["people"] == 25


@pytest.mark.postgres
def test_two_large_deliveries_at_once_both_arrive_whole(api: Api) -> None:
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(api.tell, (range(1000, 2500), range(2000, 3500))))
    assert [status for status, _answer in answers] == [200, 200], answers
    found = api.made()
    assert (found["people"], found["made"], found["entries"]) == (2500, 2500, 2)


def test_units_made_at_once_are_all_there(api: Api) -> None:
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda at: api.post("/units", {"name": f"Tribe {at}"}), range(60)))
    assert {status for status, _answer in answers} == {201}, answers
    assert len({answer["id"] for _status, answer in answers}) == 60
    assert api.made()["units"] == 60


def test_the_same_key_sent_at_once_makes_one_unit(api: Api) -> None:
    def send(at: int) -> tuple[int, Any]:
        return api.post("/units", {"name": f"Team {at}"}, **{"Idempotency-Key": f"team-{at}"})

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(send, sorted([*range(10)] * 6)))
    assert {status for status, _answer in answers} == {201}, answers
    assert len({answer["id"] for _status, answer in answers}) == 10
    assert api.made()["units"] == 10


def test_many_rows_are_told_quickly(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    started = time.perf_counter()
    status, answer = api.tell(range(10_000, 15_000))
    seconds = time.perf_counter() - started
    assert status == 200
    assert answer["counts"]["person"]["created"] == 5000
    with capsys.disabled():
        print(f"\n5,000 people told in {seconds:.1f} s: {5000 / seconds:.0f} a second")
