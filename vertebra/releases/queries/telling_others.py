"""When no champion is found by what something speaks of: Product Ops, all champions by trade and language, whoever is named."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import BooleanField, Case, Q, QuerySet, Value, When

from vertebra.accounts.labels import Role
from vertebra.analysis.champions import Champion, Reason
from vertebra.kit.text import fold
from vertebra.org.labels import Function, MandateRole
from vertebra.org.models import Mandate, Person
from vertebra.releases.labels import telling as labels
from vertebra.releases.models import ConsultationAsk
from vertebra.releases.queries.audiences import people_on
from vertebra.releases.queries.telling import Shown

# So many champions are shown to choose from; beyond, a trade is chosen or somebody is named.
MOST_SHOWN = 60
MOST_OPS = 6


@dataclass(frozen=True, slots=True)
class Others:
    """Whom to turn to when nobody is known: Product Ops, champions to choose from, and how many more there are."""

    product_ops: list[Person]
    champions: list[Shown]
    more: int


def whom_else(
    champions: Sequence[Champion],
    day: dt.date,
    *,
    functions: Collection[str] = (),
    language: str = "",
    asked: "QuerySet[ConsultationAsk] | None" = None,
) -> Others:
    """Product Ops, and of these champions those whom nobody asked yet: who reads the language first, then by trade."""
    wanted = set(functions)
    trades = {one.id: one.functions for one in champions if not wanted or one.functions & wanted}
    holds_ops = Q(user__role=Role.PRODUCT_OPS, user__is_active=True)
    is_asked = Q(pk__in=asked.values("person")) if asked is not None else Q(pk__in=())
    rows = people_on(day).filter(Q(pk__in=list(trades)) & ~is_asked | holds_ops).select_related("user")
    people = rows.annotate(is_asked=_whether(is_asked), holds_ops=_whether(holds_ops))
    found, product_ops = [], list[Person]()
    names = {code: str(label) for code, label in Function.choices}
    for person in people.order_by("name_folded", "pk"):
        if person.holds_ops:
            product_ops.append(person)
        if person.is_asked or person.pk not in trades:
            continue
        said = sorted((names[code] for code in trades[person.pk] if code in names), key=fold)
        is_other = bool(language and person.language and person.language != language)
        why = Reason.OTHER_LANGUAGE if is_other else Reason.LANGUAGE
        reasons = [*said, *([str(labels.REASONS[why])] if person.language else [])]
        one = Shown(person, tuple(reasons), (str(Reason.FUNCTION),), is_picked=False)
        found.append((is_other, [fold(label) for label in said], person.name_folded, person.pk, one))
    found.sort(key=lambda row: row[:4])
    shown = [row[4] for row in found[:MOST_SHOWN]]
    return Others(product_ops[:MOST_OPS], shown, max(0, len(found) - MOST_SHOWN))


def _whether(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def named(numbers: Collection[int], day: dt.date, words: str) -> list[Shown]:
    """Those whom somebody named, as a page shows them, if they work here."""
    rows = people_on(day).filter(pk__in=numbers).select_related("user").order_by("name_folded", "pk")
    return [Shown(person, (words,), (), is_picked=True) for person in rows]


def champions_among(numbers: Collection[int], day: dt.date) -> set[int]:
    """Which of these people are Product Champions on a day."""
    rows = Mandate.objects.as_of(day).filter(role=MandateRole.CHAMPION, person__in=numbers)
    return set(rows.values_list("person_id", flat=True))
