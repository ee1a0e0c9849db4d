"""Reading one feed: its file, its web address, its query, or what computes it."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Protocol, cast
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from vertebra.connectors.faults import Fault, Trouble
from vertebra.kit import clock
from vertebra.kit.seals import BrokenSeal, unseal
from vertebra.measures.labels.feeds import FeedKind
from vertebra.measures.models import Feed
from vertebra.measures.queries.series import Value
from vertebra.measures.readers.rows import Frame, Reading, read_values
from vertebra.sources.models import Secret, Source

CONNECTION = "connection"
# What providers are asked for again each time: they correct what came late.
_PROVIDED_DAYS = 3 * 366


class Provider(Protocol):
    """What computes metrics from what Vertebra knows: names, and their values between two days."""

    names: Mapping[str, str | Promise]

    def values(self, name: str, since: dt.date, until: dt.date) -> Iterable[Value]:
        """The values of one of its metrics."""


@cache
def _providers(paths: tuple[str, ...]) -> dict[str, tuple[Provider, str | Promise]]:
    found = {}
    for path in paths:
        provider = cast(Provider, import_string(path))
        for name, label in provider.names.items():
            found[name] = (provider, label)
    return found


def providers() -> dict[str, tuple[Provider, str | Promise]]:
    """Everything that Vertebra computes by itself, by name."""
    return _providers(tuple(settings.METRIC_PROVIDERS))


def folder_of(feed_id: int) -> Path:
    """Where the file of a feed lies."""
    return Path(settings.MEDIA_ROOT) / "measures" / str(feed_id)


def connection_of(source: Source | None) -> dict[str, str]:
    """What opens a connection: its address, and for the web the name and the value of a heading."""
    secret = Secret.objects.filter(source=source, name=CONNECTION).first() if source else None
    if secret is None:
        raise Trouble(Fault.CONNECTION_GONE)
    try:
        opened: dict[str, str] = json.loads(unseal(bytes(secret.ciphertext).decode()))
    except (BrokenSeal, ValueError) as error:
        raise Trouble(Fault.CONNECTION_GONE) from error
    return opened


def read_feed(feed: Feed, now: dt.datetime) -> Reading:
    """The values that a feed gives now; raises Trouble when it cannot be read at all."""
    readers = {
        FeedKind.FILE: _read_file,
        FeedKind.HTTP: _read_web,
        FeedKind.SQL: _read_database,
        FeedKind.PROVIDER: _read_provider,
    }
    today, zone = clock.today(now), ZoneInfo(settings.TIME_ZONE)
    frame = Frame(feed.metric.grain, today, zone, column=str(feed.settings.get("column", "")))
    reading = readers[FeedKind(feed.kind)](feed, frame)
    if not reading.values and not reading.problems:
        raise Trouble(Fault.NOTHING_THERE)
    return reading


def _read_file(feed: Feed, frame: Frame) -> Reading:
    name = str(feed.settings.get("file", ""))
    path = folder_of(feed.pk) / name
    if not name or not path.is_file():
        raise Trouble(Fault.FILE_GONE)
    return read_file(path, frame, str(feed.settings.get("name", name)))


def read_file(path: Path, frame: Frame, name: str) -> Reading:
    """The values of one metric in a CSV file or a workbook."""
    from dataclasses import replace

    from vertebra.kit.files.problems import Refused
    from vertebra.kit.files.tables import read_table

    reading = Reading()
    try:
        table = read_table(path, path.name)
        rows = ((row.line, row.cells) for row in table.rows())
        reading = read_values(table.header, rows, replace(frame, file=name))
        faults = table.problems
    except Refused as refusal:
        faults = [refusal.problem]
    for one in faults:
        reading.note(one.code, line=one.line, column=one.column or "", file=name, **one.particulars)
    return reading


def _read_web(feed: Feed, frame: Frame) -> Reading:
    from urllib.parse import urlsplit

    from vertebra.connectors.web_json import Reach, as_table, fetch_json, pick

    address, headers = str(feed.settings.get("address", "")), {}
    if feed.source_id:
        opened = connection_of(feed.source)
        # What opens one place is never sent to another.
        if urlsplit(address)[:2] != urlsplit(opened["address"])[:2]:
            raise Trouble(Fault.ADDRESS_INVALID, address=address[:200])
        headers = {opened["header"]: opened["token"]}
    reach = Reach(private=settings.PRIVATE_HOSTS, headers=headers)
    found = pick(fetch_json(address, reach), str(feed.settings.get("path", "")))
    header, rows = as_table(found)
    return read_values(header, enumerate(rows, 1), frame)


def _read_database(feed: Feed, frame: Frame) -> Reading:
    from vertebra.connectors.databases import Allowance, read_rows
    from vertebra.connectors.web_json import Reach

    opened = connection_of(feed.source)
    allowance = Allowance(folder=settings.DATABASES_FOLDER, reach=Reach(private=settings.PRIVATE_HOSTS))
    found = read_rows(opened["address"], str(feed.settings.get("query", "")), allowance)
    return read_values(found.header, enumerate(found.rows, 1), frame)


def _read_provider(feed: Feed, frame: Frame) -> Reading:
    name = str(feed.settings.get("provider", ""))
    if name not in providers():
        raise Trouble(Fault.PROVIDER_UNKNOWN, name=name)
    provider, _label = providers()[name]
    since = frame.today - dt.timedelta(days=_PROVIDED_DAYS)
    values: list[Any] = list(provider.values(name, since, frame.today))
    return Reading(values=values, count=len(values))
