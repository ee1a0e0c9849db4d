"""When no champion is found by what something speaks of: Product Ops, all champions by trade and language, whoever is named."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from vertebra.accounts.labels import Role
from vertebra.analysis.champions import Reason
from vertebra.kit.text import fold
from vertebra.org.labels import Function, MandateRole
from vertebra.org.models import Mandate, Person
from vertebra.releases.labels import telling as labels
from vertebra.releases.queries.audiences import people_on
from vertebra.releases.queries.telling import Shown

# So many champions are shown to choose from; beyond, a trade is chosen or somebody is named.
MOST_SHOWN = 60


def product_ops(day: dt.date) -> list[Person]:
    """Who holds Product Ops, to be asked when nobody is known for something."""
    rows = people_on(day).filter(user__role=Role.PRODUCT_OPS, user__is_active=True)
    return list(rows.select_related("user").order_by("name_folded", "pk")[:6])


def all_champions(
    day: dt.date, *, functions: Collection[str] = (), language: str = ""
) -> tuple[list[Shown], int]:
    """Champions of these trades, those who read the language first, then by trade; and how many are not shown."""
    trades: dict[int, set[str]] = defaultdict(set)
    people: dict[int, Person] = {}
    rows = Mandate.objects.as_of(day).filter(
        role=MandateRole.CHAMPION, person__in=people_on(day).values("pk")
    )
    for row in rows.select_related("person__user").order_by():
        trades[row.person_id].add(row.function)
        people[row.person_id] = row.person
    names = {code: str(label) for code, label in Function.choices}
    found = []
    for person in people.values():
        if functions and not trades[person.pk] & set(functions):
            continue
        said = sorted((names[code] for code in trades[person.pk] if code in names), key=fold)
        is_other = bool(language and person.language and person.language != language)
        why = Reason.OTHER_LANGUAGE if is_other else Reason.LANGUAGE
        reasons = [*said, *([str(labels.REASONS[why])] if person.language else [])]
        one = Shown(person, tuple(reasons), (str(Reason.FUNCTION),), is_picked=False)
        found.append((is_other, [fold(label) for label in said], person.name_folded, person.pk, one))
    found.sort(key=lambda row: row[:4])
    return [row[4] for row in found[:MOST_SHOWN]], max(0, len(found) - MOST_SHOWN)


def named(numbers: Collection[int], day: dt.date, words: str) -> list[Shown]:
    """Those whom somebody named, as a page shows them, if they work here."""
    rows = people_on(day).filter(pk__in=numbers).select_related("user").order_by("name_folded", "pk")
    return [Shown(person, (words,), (), is_picked=True) for person in rows]


def champions_among(numbers: Collection[int], day: dt.date) -> set[int]:
    """Which of these people are Product Champions on a day."""
    rows = Mandate.objects.as_of(day).filter(role=MandateRole.CHAMPION, person__in=numbers)
    return set(rows.values_list("person_id", flat=True))
