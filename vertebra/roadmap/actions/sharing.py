"""Addresses that open a view of the roadmap without an account."""

import datetime as dt

from django.db import transaction

from vertebra.accounts.actions.shared_links import share_page
from vertebra.accounts.models import AuditEntry, User
from vertebra.roadmap.models import SharedRoadmap
from vertebra.roadmap.queries.shared import KEPT, PAGE


@transaction.atomic
def share_roadmap(
    *, actor: User, name: str, days: int, query: dict[str, str], now: dt.datetime
) -> tuple[AuditEntry, str]:
    """Make an address that opens one view of the roadmap, filters included; it is told once."""
    kept = {key: query[key] for key in KEPT if query.get(key)}
    return share_page(
        actor=actor,
        page=PAGE,
        name=name,
        days=days,
        now=now,
        beside=lambda link: [SharedRoadmap(link=link, query=kept)],
    )
