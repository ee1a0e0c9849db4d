"""What sources say on the home page: a system that is no longer read, to those who can mend it."""

import datetime as dt
import json
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.kit.home import Need, Part, Row, Rows, waits
from vertebra.sources import faults
from vertebra.sources.models import Connection

SHOWN = 3


def part(user: User, now: dt.datetime) -> Part:
    """The systems that were switched off because nothing but a person helps."""
    return Part(waits=lambda: _switched_off(user), told=_needs)


def _switched_off(user: User) -> list[Rows]:
    if not may(user, Right.ADMINISTER):
        return []
    rows = Connection.objects.filter(paused_at__isnull=False, fault__isnull=False, source__archived_at=None)
    names = {"number": "source_id", "title": "source__name", "detail": "fault", "day": "paused_at"}
    return [waits(rows, "switched_off", **names)]


def _needs(rows: list[Row]) -> list[Need]:
    in_turn = sorted(rows, key=lambda row: (row[4] or dt.date.min, row[5]), reverse=True)
    return [
        Need(
            _("%(name)s is no longer read") % {"name": name},
            reverse("sources:source-show", args=(number,)),
            _("Mend it"),
            _told(json.loads(fault)),
        )
        for _code, number, name, fault, _day, _place in in_turn[:SHOWN]
    ]


def _told(fault: dict[str, Any]) -> str:
    return faults.told(fault["code"], fault["particulars"])
