"""Empty spaces as people read them: what nobody takes care of, between whom, what shows it, who may say what."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, SharedLink, User
from vertebra.accounts.permissions import Right, may
from vertebra.accounts.tokens import digest_of
from vertebra.kit import clock
from vertebra.kit.text import fold
from vertebra.org import labels
from vertebra.org.models import (
    AreaVersion,
    EmptySpace,
    EmptySpaceNeighbour,
    Look,
    Mandate,
    Market,
    Ownership,
    Person,
    UnitVersion,
)
from vertebra.org.queries.remembered import remembered
from vertebra.org.queries.structure import Structure

ALIKE = 72
SAME = 92
TOGETHER = 12
# The page of a shared link says whether visitors choose among the names of units, or write whom they mean.
WITH_UNITS = "empty_space_report"
WITHOUT_NAMES = "empty_space_report_in_words"
# What a change of it may fill, or lay open.
LOOKED_AT = (
    Kind.UNIT, Kind.PERSON, Kind.MEMBERSHIP, Kind.MANDATE, Kind.AREA, Kind.OWNERSHIP, Kind.MARKET, Kind.IMPORT,
    Kind.EMPTY_SPACE,
)  # fmt: skip
LINK_PAGES = (WITH_UNITS, WITHOUT_NAMES)


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One thing that an empty space lies between, by its name; `id` is 0 for a word that nobody placed yet."""

    kind: str
    id: int
    name: str


class Names:
    """Names of units, areas and markets on a day, read when first asked for."""

    def __init__(self, day: dt.date, units: dict[int, str] | None = None) -> None:
        self.day = day
        self._units = units

    @cached_property
    def units(self) -> dict[int, str]:
        """Names of the units of the day."""
        if self._units is not None:
            return self._units
        return dict(UnitVersion.objects.as_of(self.day).values_list("unit_id", "name"))

    @cached_property
    def areas(self) -> dict[int, str]:
        """Names of the areas of the day."""
        return dict(AreaVersion.objects.as_of(self.day).values_list("area_id", "name"))

    @cached_property
    def markets(self) -> dict[int, str]:
        """Names of the markets."""
        return dict(Market.objects.values_list("id", "name"))

    def only(self, unit_ids: Iterable[int | None]) -> "Names":
        """The same, reading the names of these units alone: for a page of a list."""
        wanted = {unit for unit in unit_ids if unit}
        units = UnitVersion.objects.as_of(self.day).filter(unit__in=wanted)
        return Names(self.day, dict(units.values_list("unit_id", "name")))

    def neighbour(self, row: EmptySpaceNeighbour) -> Neighbour:
        """The neighbour that a row names (a dash for what is no more on the day)."""
        if row.unit_id:
            return Neighbour("unit", row.unit_id, self.units.get(row.unit_id, "—"))
        if row.area_id:
            return Neighbour("area", row.area_id, self.areas.get(row.area_id, "—"))
        if row.market_id:
            return Neighbour("market", row.market_id, self.markets.get(row.market_id, "—"))
        return Neighbour("word", 0, row.name)

    def between(self, space: EmptySpace) -> list[Neighbour]:
        """Between whom the empty space lies, in order of the names."""
        told = [self.neighbour(row) for row in space.neighbours.all()]
        return sorted(told, key=lambda one: fold(one.name))


def open_spaces() -> QuerySet[EmptySpace]:
    """Every empty space but those that were merged into another."""
    return EmptySpace.objects.filter(archived_at__isnull=True)


def in_units(rows: QuerySet[EmptySpace], unit_ids: Iterable[int], day: dt.date) -> QuerySet[EmptySpace]:
    """Of these, the empty spaces with a neighbour among the units, or an area that one of them owns."""
    units = set(unit_ids)
    owned = Ownership.objects.as_of(day).filter(unit__in=units)
    neighbours = EmptySpaceNeighbour.objects.filter(
        Q(unit__in=units)
        | Q(area__in=owned.filter(area__isnull=False).values("area"))
        | Q(market__in=owned.filter(market__isnull=False).values("market"))
    )
    return rows.filter(pk__in=neighbours.values("space"))


@remembered
def parent_units(day: dt.date, limit: int) -> list[tuple[str, str]]:
    """Units that have units inside, as the choices of a filter, in order of their names."""
    parents = UnitVersion.objects.as_of(day).filter(parent__isnull=False).values("parent")
    rows = UnitVersion.objects.as_of(day).filter(unit__in=parents).order_by("name", "unit")
    return [(str(unit), name) for unit, name in rows.values_list("unit_id", "name")[:limit]]


def title_of(space: EmptySpace) -> str:
    """What nobody takes care of, in the words of whoever said it, or else in those of the rule that found it."""
    if space.sentence:
        return space.sentence
    evidence = space.evidence
    name = _name(evidence.get("subject"))
    if space.rule == labels.SpaceRule.NOBODY_OWNS:
        kind = evidence.get("area_kind") or "market"
        return str(labels.UNOWNED.get(kind, labels.UNOWNED["product"])) % {"name": name}
    if space.rule == labels.SpaceRule.TWO_OWN:
        count = len(evidence.get("neighbours", ()))
        said = ngettext("%(count)d unit owns “%(name)s”", "%(count)d units own “%(name)s”", count)
        return said % {"count": count, "name": name}
    if space.rule == labels.SpaceRule.CHILDREN_DO_NOT_COVER:
        unit = ", ".join(_name(one) for one in evidence.get("owners", ()))
        parts = [_name(one) for one in evidence.get("parts", ())]
        if len(parts) == 1:
            said = _("Inside %(unit)s, nobody takes care of “%(part)s”, a part of “%(name)s”")
            return said % {"unit": unit, "part": parts[0], "name": name}
        if parts:
            said = _("Inside %(unit)s, nobody takes care of %(count)d parts of “%(name)s”")
            return said % {"unit": unit, "count": len(parts), "name": name}
        return _("Inside %(unit)s, nobody takes care of “%(name)s”") % {"unit": unit, "name": name}
    if space.rule == labels.SpaceRule.NO_CHAMPION and evidence.get("of") == "functions":
        return _champion_missed(evidence, name)
    if space.rule == labels.SpaceRule.NO_CHAMPION:
        return _("The field has no Product Champion for “%(name)s”") % {"name": name}
    if space.rule == labels.SpaceRule.OBJECTIVE_UNCARRIED:
        return _("No team carries the objective “%(name)s”") % {"name": name}
    return name or str(space.get_rule_display())


def _champion_missed(evidence: dict[str, Any], name: str) -> str:
    """What is said where there are champions, and none of one function or none who reads a language."""
    known = dict(labels.Function.choices)
    function = ", ".join(str(known.get(one, one)) for one in evidence["functions"])
    if language := evidence.get("language"):
        spoken = dict(settings.LANGUAGES).get(language, language)
        said = _("No Product Champion of %(function)s reads %(language)s")
        return said % {"function": function, "language": spoken}
    return _("No Product Champion of %(function)s for “%(name)s”") % {"function": function, "name": name}


def proof_of(space: EmptySpace) -> list[str]:
    """What shows it, one sentence for each part of the evidence."""
    evidence = space.evidence
    told = []
    if space.rule == labels.SpaceRule.NOBODY_OWNS:
        told.append(_("No unit is recorded as its owner."))
        if inside := evidence.get("areas_inside"):
            said = ngettext(
                "Nor is the %(count)d area inside it owned.",
                "Nor are the %(count)d areas inside it owned.",
                inside,
            )
            told.append(said % {"count": inside})
    elif space.rule == labels.SpaceRule.TWO_OWN:
        owners = ", ".join(_name(one) for one in evidence.get("neighbours", ()))
        told.append(_("Recorded as owners: %(names)s. None of them is part of another.") % {"names": owners})
    elif space.rule == labels.SpaceRule.CHILDREN_DO_NOT_COVER:
        told += _proof_inside(evidence)
    elif space.rule == labels.SpaceRule.NO_CHAMPION and evidence.get("of") == "functions":
        told.append(_("It has Product Champions, and none of this kind."))
    elif space.rule == labels.SpaceRule.NO_CHAMPION:
        count = evidence.get("champions", 0)
        said = ngettext(
            "The company has a Product Champion for %(count)d other thing, none for this one.",
            "The company has Product Champions for %(count)d other things, none for this one.",
            count,
        )
        told.append(said % {"count": count})
    elif space.rule == labels.SpaceRule.OBJECTIVE_UNCARRIED:
        told.append(
            _("A month into its period, no team owns an initiative, planned or under way, that serves it.")
        )
    return told


def _proof_inside(evidence: dict[str, Any]) -> list[str]:
    """What shows that the units inside an owner leave something out."""
    names = [_name(one) for one in evidence.get("parts", ())]
    owner = ", ".join(_name(one) for one in evidence.get("owners", ()))
    told = [_("%(unit)s owns it as a whole.") % {"unit": owner}]
    if not names:
        return [*told, _("No unit inside owns it or a part of it.")]
    said = ngettext(
        "No unit inside owns this part: %(names)s.",
        "No unit inside owns these parts: %(names)s.",
        len(names),
    )
    return [*told, said % {"names": ", ".join(names)}]


def _name(thing: Any) -> str:
    return str(thing.get("name", "")) if isinstance(thing, dict) else ""


@dataclass(frozen=True, slots=True)
class LookAlike:
    """An empty space that is perhaps the one somebody is about to report."""

    space: EmptySpace
    score: int


def look_alikes(sentence: str, near: Iterable[tuple[str, int]] = (), *, limit: int = 4) -> list[LookAlike]:
    """Empty spaces said in like words, those that share a neighbour first among equals."""
    from rapidfuzz import fuzz, process

    wanted = fold(sentence)
    if len(wanted) < 4:
        return []
    # The words of all of them, and only then the few that are like: a company has thousands.
    said = open_spaces().values_list("pk", "sentence", "evidence__subject__name")
    texts = {pk: fold(sentence or str(name or "")) for pk, sentence, name in said}
    near_words = process.extract(wanted, texts, scorer=fuzz.token_set_ratio, score_cutoff=60, limit=40)
    scores = {pk: score for _text, score, pk in near_words}
    beside = set(near)
    found = []
    for space in open_spaces().filter(pk__in=scores).prefetch_related("neighbours"):
        places = {place for row in space.neighbours.all() if (place := place_of(row))}
        bonus = TOGETHER if beside & places else 0
        # A single word shared by a long sentence is not enough to be alike.
        likeness = min(100, round((scores[space.pk] + fuzz.WRatio(wanted, texts[space.pk])) / 2) + bonus)
        if likeness >= ALIKE:
            found.append(LookAlike(space, likeness))
    return sorted(found, key=lambda one: (-one.score, -one.space.report_count, one.space.pk))[:limit]


def place_of(row: EmptySpaceNeighbour) -> tuple[str, int] | None:
    """The kind and id that a row of neighbours points to, if it does."""
    for kind, one in (("unit", row.unit_id), ("area", row.area_id), ("market", row.market_id)):
        if one:
            return kind, one
    return None


def person_of(user: User) -> Person | None:
    """Whom of the organisation the account belongs to: the person tied to it, else whoever has its e-mail."""
    known: Person | None = getattr(user, "_person", None)  # asked several times for one page
    if known is None:
        known = Person.objects.filter(pk=number_of_person(user)).first()
        user._person = known  # type: ignore[attr-defined]
    return known


def number_of_person(user: User) -> Coalesce:
    """The number of that person, for the database to look for: nobody has to ask for it first."""
    people = Person.objects.filter(archived_at__isnull=True).order_by("pk").values("pk")
    by_email = people.alias(folded=Lower("email")).filter(user=None, folded=user.email.lower())
    return Coalesce(Subquery(people.filter(user=user)[:1]), Subquery(by_email[:1]))


def held_by(person: Person, day: dt.date) -> list[Mandate]:
    """What somebody holds on a day, the oldest first: asked several times for one page."""
    known: dict[dt.date, list[Mandate]] = person.__dict__.setdefault("_held", {})
    if day not in known:
        known[day] = list(Mandate.objects.as_of(day).filter(person=person).order_by("starts_on", "pk"))
    return known[day]


def may_work_on(user: User, space: EmptySpace, person: Person | None) -> bool:
    """Whether somebody may change the state: those who edit the organisation, and whoever takes care of it."""
    return may(user, Right.EDIT_ORGANISATION) or (person is not None and space.owner_id == person.pk)


def neighbours_by_label(structure: Structure, *, only_units: bool = False) -> dict[str, Neighbour]:
    """Everything an empty space can lie between, by a label that is its own: a name, with its place when shared."""
    shared = Counter(fold(node.name) for node in structure.nodes.values())
    found: dict[str, Neighbour] = {}
    for node in structure.all():
        label = node.name
        if shared[fold(label)] > 1:
            above = structure.nodes[node.path[-1]].name if node.path else f"#{node.id}"
            label = f"{label} ({above})"
        if label in found:
            label = f"{label} #{node.id}"
        found[label] = Neighbour("unit", node.id, node.name)
    if only_units:
        return found
    names = Names(structure.day)
    for kind, known in (("area", names.areas), ("market", names.markets)):
        for one, name in known.items():
            found.setdefault(name, Neighbour(kind, one, name))
    return found


def language_now() -> str:
    """The language of the page, for what somebody writes on it."""
    return (get_language() or "fr")[:2]


def is_look_due(now: dt.datetime) -> bool:
    """Whether something was changed, or a day has begun, since Vertebra looked for empty spaces and gaps."""
    look = Look.objects.first()
    if look is None or look.day < clock.today(now):
        return True
    return AuditEntry.objects.filter(pk__gt=look.entry_id, kind__in=LOOKED_AT).exists()


def link_of(token: str) -> SharedLink | None:
    """The link that an address stands for, usable or not."""
    return SharedLink.objects.filter(digest=digest_of(token), page__in=LINK_PAGES).first()
