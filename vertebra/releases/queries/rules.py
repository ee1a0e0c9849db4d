"""The rules of audiences: read from what is stored or written, checked, said in words."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from vertebra.org.labels import Function, MandateRole
from vertebra.releases.labels.audiences import CONDITIONS
from vertebra.releases.models import Audience

MOST_CONDITIONS = 20
MOST_VALUES = 200
# Audiences inside each other: how deep, and how many conditions in all; a database takes a thousand in a row.
MOST_DEEP, MOST_INSIDE = 8, 200
_NUMBERS = frozenset({"units", "areas", "markets", "audiences"})
_CODES = {"functions": frozenset(Function.values), "roles": frozenset(MandateRole.values)}
Condition = dict[str, Any]
Rules = dict[str, list[Condition]]


class BadRules(Exception):
    """Rules that cannot be read; the text says which."""


def checked(rules: object) -> Rules:
    """The rules as they are stored, or BadRules with what is wrong."""
    if not isinstance(rules, Mapping) or not set(rules) <= {"any", "except"}:
        raise BadRules(_("Rules are two lists of conditions: who is in it, and who is not."))
    found: Rules = {}
    for part in ("any", "except"):
        conditions = rules.get(part, [])
        if not isinstance(conditions, list) or len(conditions) > MOST_CONDITIONS:
            raise BadRules(_("An audience has %(count)d conditions at most.") % {"count": MOST_CONDITIONS})
        found[part] = [_condition(one) for one in conditions]
    if {} in found["except"]:
        raise BadRules(_("A condition without anything in it would leave everybody out."))
    return found


def _condition(one: object) -> Condition:
    if not isinstance(one, Mapping) or not set(one) <= set(CONDITIONS):
        raise BadRules(_("This condition is not known."))
    found: Condition = {}
    for key, values in one.items():
        if key == "customer_facing":
            if not isinstance(values, bool):
                raise BadRules(_("In front of customers: yes or no."))
            found[key] = values
        elif values:
            found[key] = _values(key, values)
    return found


def _values(key: str, values: object) -> list[Any]:
    if not isinstance(values, list) or len(values) > MOST_VALUES:
        raise BadRules(_("A condition names %(count)d things at most.") % {"count": MOST_VALUES})
    kind = int if key in _NUMBERS else str
    if not all(isinstance(value, kind) and not isinstance(value, bool) for value in values):
        raise BadRules(_("This condition is not known."))
    if key in _CODES and not set(values) <= _CODES[key]:
        raise BadRules(_("This condition is not known."))
    return sorted(dict.fromkeys(values))


def named_in(rules: Mapping[str, Any]) -> set[int]:
    """The audiences that rules name."""
    return {number for one in _all(rules) for number in one.get("audiences", [])}


def goes_in_circles(number: int | None, rules: Rules) -> bool:
    """Whether an audience with these rules would be part of itself."""
    known = dict(Audience.objects.values_list("pk", "rules"))
    seen, waiting = set[int](), list(named_in(rules))
    while waiting:
        at = waiting.pop()
        if at == number:
            return True
        if at not in seen:
            seen.add(at)
            waiting += named_in(known.get(at) or {})
    return False


def goes_too_far(number: int | None, rules: Rules) -> bool:
    """Whether an audience with these rules, or one that it is part of, would ask too much of the database."""
    known: dict[int, Mapping[str, Any]] = dict(Audience.objects.values_list("pk", "rules"))
    own = number or 0
    known[own] = rules
    inside = {at: named_in(one) & known.keys() for at, one in known.items()}
    touched, before = {own}, set[int]()
    while touched != before:
        before = set(touched)
        touched |= {at for at, others in inside.items() if others & touched}
    alone = {at: weight_of(*_all(one)) for at, one in known.items()}
    counted = alone
    for _level in range(MOST_DEEP):
        counted = {at: alone[at] + sum(counted[one] for one in others) for at, others in inside.items()}
    # What is deeper still has not come to its end.
    deeper = {at: alone[at] + sum(counted[one] for one in others) for at, others in inside.items()}
    return any(counted[at] > MOST_INSIDE or deeper[at] != counted[at] for at in touched)


def weight_of(*conditions: Mapping[str, Any]) -> int:
    """How many questions conditions ask of the database, those of audiences that they name left out."""
    return sum(len(one) - ("audiences" in one) if one else 1 for one in conditions)


def _all(rules: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    return (*rules.get("any", ()), *rules.get("except", ()))
