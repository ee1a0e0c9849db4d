"""What is said of a metric: cleaned, given a short name of its own, put in the search index."""

import datetime as dt
import re
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from vertebra.accounts import search
from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.kit.files.values import slug as slug_of
from vertebra.measures.labels.metrics import MetricUnit
from vertebra.measures.models import Metric

LONGEST_SLUG = 80
_NOT_SLUG = re.compile(r"[^a-z0-9-]")


class NoName(Refusal):
    """A metric has a name."""


class NoCurrency(Refusal):
    """An amount says in which currency."""


def clean(given: dict[str, Any], row: Metric | None = None) -> dict[str, Any]:
    """What is said of a metric, as it is kept; refuses what no metric can be."""
    given = {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}
    given["name"] = " ".join(str(given["name"]).split())[:200]
    if not given["name"]:
        raise NoName(_("Give the metric a name."))
    unit = given.get("unit", row.unit if row else MetricUnit.NUMBER)
    if "currency" in given or "unit" in given:
        currency = str(given.get("currency", row.currency if row else "")).upper()[:3]
        given["currency"] = currency if unit == MetricUnit.MONEY else ""
        if unit == MetricUnit.MONEY and len(currency) != 3:
            raise NoCurrency(_("An amount needs its currency in three letters, for example EUR."))
    return given


def free_slug(wanted: str) -> str:
    """A short name that no other metric bears."""
    plain = _NOT_SLUG.sub("", slug_of(wanted))[:LONGEST_SLUG].strip("-") or "metric"
    taken = set(
        Metric.objects.filter(Q(slug=plain) | Q(slug__startswith=f"{plain[:70]}-")).values_list(
            "slug", flat=True
        )
    )
    found, number = plain, 1
    while found in taken:
        number += 1
        found = f"{plain[:70]}-{number}"
    return found


def index_metric(row: Metric, now: dt.datetime) -> None:
    """Put a metric in the search index."""
    search.index(entry_of(row), now=now)


def entry_of(row: Metric) -> search.Entry:
    """What search knows of a metric."""
    return search.Entry(Kind.METRIC, row.pk, row.name, row.slug, row.definition, row.language)
