"""The way from a check into the tool: a search of Jira, or the items that were found."""

import re
from urllib.parse import quote

from vertebra.evidence.models import TrailVersion
from vertebra.practices.hygiene import library
from vertebra.practices.labels.checks import CheckKind
from vertebra.practices.models import Check
from vertebra.sources.labels import SourceKind
from vertebra.sources.models import Connection

_KEY = re.compile(r"[A-Z][A-Z0-9_]*-\d+", re.ASCII)
LONGEST = 1_800
# Its name and its address.
Jira = tuple[str, str]


def searches(check: Check, keys: list[str], found_in: list[Jira]) -> list[tuple[str, str]]:
    """Where to see the items of a check in each Jira whose work items are here: its name, the address."""
    search = library()[check.code].search(check.parameters) if check.kind == CheckKind.SHIPPED else ""
    found = [key for key in keys if _KEY.fullmatch(key)]
    jql = search or (f"key in ({', '.join(found)})" if found else "")
    if not jql:
        return []
    return [(name, f"{address}/issues/?jql={quote(jql)}"[:LONGEST]) for name, address in found_in]


def item_links(keys: list[str], found_in: list[Jira]) -> list[tuple[str, str]]:
    """Some items by their keys, each with its address where only one Jira can have it."""
    base = found_in[0][1] if len(found_in) == 1 else ""
    return [(key, f"{base}/browse/{quote(key)}" if base and _KEY.fullmatch(key) else "") for key in keys]


def jiras() -> list[Jira]:
    """The Jiras that are connected and have work items here, by name: only addresses of the web."""
    held = TrailVersion.objects.filter(superseded_at=None).values("source")
    rows = Connection.objects.filter(source__in=held, source__kind=SourceKind.JIRA).order_by("source__name")
    told = rows.values_list("source__name", "address")
    return [
        (name, address.rstrip("/")) for name, address in told if address.startswith(("https://", "http://"))
    ]
