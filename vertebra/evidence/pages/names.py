"""What the groups of a survey are called."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from vertebra.analysis.pulse import EVERYBODY, OTHERS
from vertebra.analysis.spread import TOGETHER
from vertebra.evidence.queries.counting import place_of
from vertebra.org.labels import Function


class GroupNames:
    """Names of groups out of their keys, with the names of units as they were."""

    def __init__(self, units: Mapping[int, str]) -> None:
        self.units = units

    def of(self, key: str) -> str:
        """What one group is called."""
        unit, function, name = place_of(key)
        return named(key, self.units.get(unit, "") if unit else name, function)


def value_named(value: str, labels: Mapping[str, str]) -> str:
    """What a value of a question is called, or several that are counted together."""
    if value == TOGETHER:
        return _("Other answers, counted together")
    first, dash, latest = value.partition("–")
    if value in labels or not dash:
        return labels.get(value, value)
    return _("%(first)s to %(latest)s") % {
        "first": labels.get(first, first),
        "latest": labels.get(latest, latest),
    }


def named(key: str, name: str, function: str) -> str:
    """What a group is called: its unit or name, its function, or both."""
    if key == EVERYBODY:
        return _("Everybody who was asked")
    if key == OTHERS:
        return _("Everybody else, together")
    label = str(Function(function).label) if function in Function.values else function
    return " · ".join(part for part in (name, label) if part)
