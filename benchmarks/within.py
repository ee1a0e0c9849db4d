"""What has to be asked from inside an instance: its addresses, queries per page, sessions, tokens, floors."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from django.db import connection
from django.db.models import Count, Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from vertebra.accounts.models import AuditEntry, User
from vertebra.discovery.models import (
    Audit,
    Campaign,
    Charter,
    Guide,
    HelpRequest,
    Interview,
    PainPoint,
    QuickWin,
)
from vertebra.evidence.models import Question, Survey
from vertebra.kit import clock
from vertebra.kit.jobs.queue import due
from vertebra.org.models import Area, EmptySpace, Gap, Market, Membership, Ownership, Person, UnitVersion

AS_OF = "?as_of=2025-03-15"
NOT_OVER_TIME = ("/new/", "/edit/", "/closing/", "/departure/", "/report/", "/links/", "/merge/")


def samples() -> dict[str, list[Any]]:
    """Objects to open by the name of an address's parameter: the heaviest of each, and an ordinary one."""
    today = clock.today()
    units = UnitVersion.objects.as_of(today)
    by_kind = [
        units.filter(kind__slug=kind).order_by("unit_id").values_list("unit_id", flat=True).first()
        for kind in ("company", "tribe", "team")
    ]
    member = Membership.objects.as_of(today).values_list("person_id", flat=True).first()
    cast = list(Person.objects.exclude(user=None).values_list("pk", flat=True)[:1])
    owned = Ownership.objects.as_of(today).exclude(area=None).values_list("area_id", flat=True).first()
    return {
        "unit": [unit for unit in by_kind if unit],
        "person": [*cast, member],
        "area": [Area.objects.order_by("pk")[0].pk, owned],
        "market": list(Market.objects.values_list("pk", flat=True)[:1]),
        "space": [EmptySpace.objects.filter(rule="")[0].pk, EmptySpace.objects.exclude(rule="")[0].pk],
        "gap": list(Gap.objects.values_list("pk", flat=True)[:1]),
        "entry": [AuditEntry.objects.order_by("-pk")[0].pk],
        "user": list(User.objects.values_list("pk", flat=True)[:1]),
        **listened(),
    }


def listened() -> dict[str, list[Any]]:
    """The same of what was heard and asked: those of which there is most."""
    heaviest: dict[str, tuple[Any, str]] = {
        "campaign": (Campaign.objects.annotate(many=Count("interviews")), "-many"),
        "interview": (Interview.objects.annotate(many=Count("verbatims")), "-many"),
        "pain_point": (PainPoint.objects.filter(merged_into=None), "-evidence_count"),
        "survey": (Survey.objects.filter(state="closed"), "-invited_count"),
        "audit": (Audit.objects.all(), "-pk"),
        "request": (HelpRequest.objects.all(), "-pk"),
        "quick_win": (QuickWin.objects.all(), "-pk"),
        "guide": (Guide.objects.all(), "pk"),
        "charter": (Charter.objects.all(), "-pk"),
        "question": (Question.objects.filter(kind="text", survey__state="closed"), "-survey__invited_count"),
    }
    return {
        name: list(rows.order_by(order).values_list("pk", flat=True)[:1])
        for name, (rows, order) in heaviest.items()
    }


def patterns(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, list[str]]]:
    """Names and parameters of our own addresses."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            if pattern.namespace != "api":
                yield from patterns(pattern, inner)
        elif isinstance(pattern, URLPattern) and pattern.name and namespace:
            yield namespace + pattern.name, list(pattern.pattern.converters)


def pages() -> list[dict[str, Any]]:
    """Every page that answers a reader with HTML, who may see it, its queries and its size."""
    known, found, seen = samples(), [], set()
    clients = {}
    for who in ("product_ops", "administrator"):
        clients[who] = Client(headers={"accept-language": "fr"}, SERVER_NAME="127.0.0.1")
        clients[who].raise_request_exception = False
        clients[who].force_login(User.objects.filter(role=who).order_by("pk")[0])
    for name, parameters in patterns(get_resolver()):
        values = [known.get(parameter.removesuffix("_id"), []) for parameter in parameters]
        for chosen in product(*values):
            address = reverse(name, args=chosen)
            is_over_time = name.startswith("org:") and not address.endswith(NOT_OVER_TIME)
            for path in (address, address + AS_OF) if is_over_time else (address,):
                page = _look(name, path, clients)
                if page and path not in seen:
                    seen.add(path)
                    found.append(page)
    if not found:
        raise LookupError("no page answers")
    return found


def _look(name: str, path: str, clients: dict[str, Client]) -> dict[str, Any] | None:
    for who, client in clients.items():
        client.get(path)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get(path)
        is_page = response.status_code == 200 and response.headers.get("Content-Type", "").startswith(
            "text/html"
        )
        if is_page and b"<html" in response.content[:2000]:
            page = {"name": name, "path": path, "who": who, "queries": len(queries)}
            return page | {"bytes": len(response.content), "processor": _processor_time(client, path)}
    return None


def _processor_time(client: Client, path: str) -> float:
    """Milliseconds of processor that the page takes, whatever else this machine does meanwhile."""
    times = []
    for _ in range(3):
        start = time.process_time()
        client.get(path)
        times.append((time.process_time() - start) * 1000)
    return sorted(times)[1]


def sessions() -> dict[str, str]:
    """A signed-in session for each role, by its cookie."""
    found = {}
    for who in ("reader", "contributor", "product_ops", "administrator"):
        client = Client(SERVER_NAME="127.0.0.1")
        client.raise_request_exception = False
        client.force_login(User.objects.filter(role=who).order_by("pk")[0])
        client.get("/")
        found[who] = client.cookies["sessionid"].value
    return found


def token() -> str:
    """A key to the API with all the scopes that Product Ops may give."""
    from vertebra.accounts.actions.tokens import make_token
    from vertebra.accounts.permissions import scopes_to_give

    actor = User.objects.filter(role="product_ops").order_by("pk")[0]
    now = clock.now()
    ends = now + dt.timedelta(days=30)
    scopes = sorted(str(scope) for scope in scopes_to_give(actor))
    return make_token(actor=actor, name="bench", scopes=scopes, expires_at=ends, now=now)[1]


def floors() -> dict[str, float]:
    """What the database alone can do: one list of fifty people (ms), and rows a second by `executemany`."""
    table = Person._meta.db_table
    with connection.cursor() as cursor:
        times = []
        for _ in range(200):
            start = time.perf_counter()
            cursor.execute(f"SELECT id, name, email, title FROM {table} ORDER BY name_folded, id LIMIT 50")
            cursor.fetchall()
            times.append((time.perf_counter() - start) * 1000)
        cursor.execute(
            "CREATE TEMPORARY TABLE bench_rows (id integer PRIMARY KEY, name text, email text, day date)"
        )
        rows = [
            (number, f"name {number}", f"p{number}@example.org", "2026-11-02") for number in range(50_000)
        ]
        start = time.perf_counter()
        cursor.executemany("INSERT INTO bench_rows VALUES (%s, %s, %s, %s)", rows)
        rate = len(rows) / (time.perf_counter() - start)
    return {"query": sorted(times)[100], "rows": rate}


def jobs_to_do() -> int:
    """How many jobs are due or run."""
    return DBTaskResult.objects.filter(due(clock.machine()) | Q(status=TaskResultStatus.RUNNING)).count()


ANSWERS: dict[str, Callable[[], Any]] = {
    "pages": pages,
    "sessions": sessions,
    "token": token,
    "floors": floors,
    "jobs_to_do": jobs_to_do,
}
