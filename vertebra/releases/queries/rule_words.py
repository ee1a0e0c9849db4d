"""The rules of an audience in words."""

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from vertebra.org.labels import Function, MandateRole
from vertebra.org.models import Market
from vertebra.org.queries.care import Areas
from vertebra.org.queries.structure import Structure
from vertebra.releases.models import Audience


class Words:
    """What the conditions of audiences say, with the names of a day."""

    def __init__(self, day: dt.date, audiences: dict[int, str] | None = None) -> None:
        self.day = day
        if audiences is not None:
            self.audiences = audiences

    @cached_property
    def audiences(self) -> dict[int, str]:
        """What audiences are called."""
        return dict(Audience.objects.values_list("pk", "name"))

    @cached_property
    def units(self) -> dict[int, str]:
        """What units are called."""
        return {pk: node.name for pk, node in Structure.as_of(self.day, with_members=False).nodes.items()}

    @cached_property
    def areas(self) -> dict[int, str]:
        """What areas are called."""
        return {pk: node.name for pk, node in Areas.as_of(self.day).nodes.items()}

    @cached_property
    def markets(self) -> dict[int, str]:
        """What markets are called."""
        return dict(Market.objects.values_list("pk", "name"))

    def said(self, rules: Mapping[str, Any]) -> list[str]:
        """One sentence for each condition: who is in it, then who is not."""
        found = [self._one(one) for one in rules.get("any", ())] or [_("Nobody yet")]
        return [*found, *(_("Not: %(who)s") % {"who": self._one(one)} for one in rules.get("except", ()))]

    def _one(self, condition: Mapping[str, Any]) -> str:
        parts = [
            self._names("functions", condition, dict(Function.choices)),
            self._facing(condition),
            self._names("units", condition, "units"),
            self._names("areas", condition, "areas"),
            self._names("markets", condition, "markets"),
            self._names("roles", condition, dict(MandateRole.choices)),
            self._names("languages", condition, dict(settings.LANGUAGES)),
            self._names("countries", condition, {}),
            self._names("audiences", condition, "audiences"),
        ]
        return " · ".join(filter(None, parts)) or _("Everybody")

    def _names(self, key: str, condition: Mapping[str, Any], names: Any) -> str:
        values = condition.get(key)
        if not values:
            return ""
        known = getattr(self, names) if isinstance(names, str) else names
        return str(get_text_list([str(known.get(value, value)) for value in values], _("or")))

    def _facing(self, condition: Mapping[str, Any]) -> str:
        facing = condition.get("customer_facing")
        if facing is None:
            return ""
        return _("in front of customers") if facing else _("not in front of customers")
