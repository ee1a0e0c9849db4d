"""Rules that find vacancies and holes in the data, each with what shows it: work for an administrator."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from vertebra.analysis.gaps import loops
from vertebra.org.labels import GAP_SENTENCES, Function, GapRule, MandateRole, SpaceRule
from vertebra.org.models import Gap, Mandate, Membership, Person, UnitVersion
from vertebra.org.models.people import PersonQuerySet
from vertebra.org.queries.since import Since
from vertebra.org.queries.structure import Node, Structure
from vertebra.org.rules import Candidate

TRIFORCE = (Function.PRODUCT, Function.DESIGN, Function.ENGINEERING)
SHOWN_PEOPLE = 20


@dataclass(frozen=True, slots=True)
class FoundGap:
    """A gap that a rule sees on a day; `key` stays the same from day to day."""

    rule: str
    key: str
    subject: str
    unit_id: int | None = None
    person_id: int | None = None
    area_id: int | None = None
    market_id: int | None = None
    role: str = ""
    people_count: int = 0
    evidence: dict[str, object] = field(default_factory=dict)
    since: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """A mandate of the day, with whom it names and whether they are known and still here."""

    id: int
    role: str
    function: str
    person_id: int | None
    name: str
    starts_on: dt.date
    left_on: dt.date | None
    has_left: bool
    unit_id: int | None
    area_id: int | None
    market_id: int | None


def all_gaps(day: dt.date, without_neighbours: Iterable[Candidate] = ()) -> list[FoundGap]:
    """What every rule finds on a day, each gap once, in order of its key."""
    structure = Structure.as_of(day, with_members=False)
    holders, since = _holders(day), Since(day)
    found: dict[str, FoundGap] = {}
    for gaps in (
        team_seats(structure, holders, _functions_in_units(day), since),
        holders_unknown(structure, holders),
        holders_left(structure, holders),
        triforce_seats(structure, holders, since),
        people_without_unit(day, since),
        managers_unknown(day),
        reporting_loops(day),
        units_without_purpose(day, structure, since),
        no_neighbours(without_neighbours),
    ):
        for gap in gaps:
            found.setdefault(gap.key, gap)
    return [found[key] for key in sorted(found)]


def _holders(day: dt.date) -> list[Holder]:
    """The mandates of a day, whoever they name."""
    rows = Mandate.objects.as_of(day).order_by("id").values_list(
        "id", "role", "function", "person_id", "person__name", "reference", "person__left_on",
        "person__archived_at", "unit_id", "area_id", "market_id", "starts_on",
    )  # fmt: skip
    return [
        Holder(
            id=mandate,
            role=role,
            function=function,
            person_id=person,
            name=name or reference,
            starts_on=starts_on,
            left_on=left,
            has_left=bool((left and left <= day) or archived),
            unit_id=unit,
            area_id=area,
            market_id=market,
        )
        for (
            mandate,
            role,
            function,
            person,
            name,
            reference,
            left,
            archived,
            unit,
            area,
            market,
            starts_on,
        ) in rows
    ]


def _functions_in_units(day: dt.date) -> set[tuple[int, str]]:
    """Which of product and design work in which unit."""
    rows = Membership.objects.as_of(day).filter(function__in=(Function.PRODUCT, Function.DESIGN))
    return set(rows.values_list("unit_id", "function").distinct())


def _teams(structure: Structure) -> list[Node]:
    return [node for node in structure.all() if node.kind.is_team]


_SEATS = (
    (GapRule.TEAM_WITHOUT_PM, MandateRole.PRODUCT_MANAGER, (MandateRole.PRODUCT_MANAGER,), Function.PRODUCT),
    (GapRule.TEAM_WITHOUT_DESIGNER, MandateRole.DESIGNER, (MandateRole.DESIGNER,), Function.DESIGN),
    (
        GapRule.TEAM_WITHOUT_LEAD,
        MandateRole.ENGINEERING_LEAD,
        (MandateRole.ENGINEERING_LEAD, MandateRole.LEAD),
        None,
    ),
)


def team_seats(
    structure: Structure, holders: list[Holder], functions: set[tuple[int, str]], since: Since
) -> Iterator[FoundGap]:
    """A team that names nobody as product manager, designer or lead, and has no member who does that work."""
    named = {(holder.unit_id, holder.role) for holder in holders if holder.unit_id}
    for team in _teams(structure):
        for rule, role, roles, function in _SEATS:
            if any((team.id, each) in named for each in roles):
                continue
            if function and (team.id, function) in functions:
                continue
            yield FoundGap(
                rule,
                f"{rule}:{team.id}",
                team.name,
                unit_id=team.id,
                role=role,
                since=since.seat(team.id, roles, function),
            )


def holders_unknown(structure: Structure, holders: list[Holder]) -> Iterator[FoundGap]:
    """Somebody is named who is not in the directory: one gap per unit, area or market and role.

    A team counts once, however many product managers it names: its gap is there as soon as one of the names,
    without "(Acting)" and the like and each name of a list apart, belongs to nobody of the directory. A team
    that names nobody is not here but under "names no product manager".
    """
    named: dict[tuple[str, int, str], list[Holder]] = {}
    for holder in holders:
        kind, thing = _thing(holder)
        if kind != "unit" or thing in structure.nodes:
            named.setdefault((kind, thing, holder.role), []).append(holder)
    for (kind, thing, role), several in named.items():
        unknown = [holder for holder in several if holder.person_id is None]
        if not unknown:
            continue
        node = structure.nodes.get(thing) if kind == "unit" else None
        is_pm = node is not None and node.kind.is_team and role == MandateRole.PRODUCT_MANAGER
        rule = GapRule.TEAM_PM_UNKNOWN if is_pm else GapRule.HOLDER_UNKNOWN
        yield FoundGap(
            rule,
            f"{rule}:{kind}:{thing}:{role}",
            node.name if node else "",
            unit_id=several[0].unit_id,
            area_id=several[0].area_id,
            market_id=several[0].market_id,
            role=role,
            people_count=len(unknown),
            evidence={
                "names": [holder.name for holder in unknown],
                "known": [_person(holder) for holder in several if holder.person_id is not None],
            },
            since=min(holder.starts_on for holder in unknown),
        )


def holders_left(structure: Structure, holders: list[Holder]) -> Iterator[FoundGap]:
    """A mandate that goes on although the person who holds it has left."""
    for holder in holders:
        if not holder.has_left or (holder.unit_id and holder.unit_id not in structure.nodes):
            continue
        yield FoundGap(
            GapRule.HOLDER_LEFT,
            f"{GapRule.HOLDER_LEFT}:{holder.id}",
            structure.nodes[holder.unit_id].name if holder.unit_id else "",
            unit_id=holder.unit_id,
            person_id=holder.person_id,
            area_id=holder.area_id,
            market_id=holder.market_id,
            role=holder.role,
            people_count=1,
            evidence={"names": [holder.name], "mandate": holder.id},
            since=max(holder.left_on, holder.starts_on) if holder.left_on else None,
        )


def _thing(holder: Holder) -> tuple[str, int]:
    if holder.unit_id:
        return "unit", holder.unit_id
    return ("area", holder.area_id) if holder.area_id else ("market", holder.market_id or 0)


def _person(holder: Holder) -> dict[str, object]:
    return {"id": holder.person_id, "name": holder.name}


def triforce_seats(structure: Structure, holders: list[Holder], since: Since) -> Iterator[FoundGap]:
    """A unit with a director of product, design or engineering, and none of another of the three."""
    seats: dict[int, dict[str, list[Holder]]] = {}
    for holder in holders:
        if (
            holder.role == MandateRole.DIRECTOR
            and holder.function in TRIFORCE
            and holder.unit_id
            and not holder.has_left
        ):
            seats.setdefault(holder.unit_id, {}).setdefault(holder.function, []).append(holder)
    for unit, held in seats.items():
        if unit not in structure.nodes:
            continue
        for function in TRIFORCE:
            if function in held:
                continue
            yield FoundGap(
                GapRule.TRIFORCE_SEAT_VACANT,
                f"{GapRule.TRIFORCE_SEAT_VACANT}:{unit}:{function}",
                structure.nodes[unit].name,
                unit_id=unit,
                role=MandateRole.DIRECTOR,
                evidence={
                    "function": function,
                    "held": {other: [one.name for one in people] for other, people in sorted(held.items())},
                },
                since=since.director(
                    unit, function, min(one.starts_on for people in held.values() for one in people)
                ),
            )


def _present(day: dt.date) -> PersonQuerySet:
    """The people who work here on that day."""
    return Person.objects.present_on(day).filter(archived_at__isnull=True)


def people_without_unit(day: dt.date, since: Since) -> Iterator[FoundGap]:
    """Somebody who is a member of no unit and answers for none."""
    member = Membership.objects.as_of(day).filter(person=OuterRef("pk"))
    holds = Mandate.objects.as_of(day).filter(person=OuterRef("pk"), unit__isnull=False)
    alone = _present(day).exclude(Exists(member)).exclude(Exists(holds))
    for person, name, title, joined in alone.order_by("id").values_list("id", "name", "title", "joined_on"):
        yield FoundGap(
            GapRule.PERSON_WITHOUT_UNIT,
            f"{GapRule.PERSON_WITHOUT_UNIT}:{person}",
            name,
            person_id=person,
            people_count=1,
            evidence={"title": title} if title else {},
            since=since.alone(person, joined),
        )


def managers_unknown(day: dt.date) -> Iterator[FoundGap]:
    """A manager whom people name and whom the directory does not know: one gap per name, with who names them."""
    rows = _present(day).filter(manager__isnull=True).exclude(manager_reference="")
    named: dict[str, list[tuple[int, str]]] = {}
    for person, name, reference in rows.order_by("name_folded", "id").values_list(
        "id", "name", "manager_reference"
    ):
        if reference.strip():
            named.setdefault(reference.strip(), []).append((person, name))
    for reference, people in named.items():
        yield FoundGap(
            GapRule.MANAGER_UNKNOWN,
            f"{GapRule.MANAGER_UNKNOWN}:{_short(reference)}",
            reference,
            people_count=len(people),
            evidence={"people": [{"id": one, "name": name} for one, name in people[:SHOWN_PEOPLE]]},
        )


def reporting_loops(day: dt.date) -> Iterator[FoundGap]:
    """People who, from manager to manager, report to themselves."""
    rows = _present(day).filter(manager__isnull=False).order_by("id")
    circles = loops(dict(rows.values_list("id", "manager_id")))
    names = dict(
        Person.objects.filter(
            pk__in={one for circle in circles for one in circle[:SHOWN_PEOPLE]}
        ).values_list("id", "name")
    )
    for circle in circles:
        shown = [{"id": one, "name": names[one]} for one in circle[:SHOWN_PEOPLE]]
        yield FoundGap(
            GapRule.REPORTING_LOOP,
            f"{GapRule.REPORTING_LOOP}:{_short(','.join(map(str, circle)))}",
            names[circle[0]],
            person_id=circle[0],
            people_count=len(circle),
            evidence={"people": shown},
        )


def units_without_purpose(day: dt.date, structure: Structure, since: Since) -> Iterator[FoundGap]:
    """A unit that does not say what it is for."""
    silent = UnitVersion.objects.as_of(day).filter(purpose="").order_by("unit_id")
    for unit in silent.values_list("unit_id", flat=True):
        if node := structure.nodes.get(unit):
            yield FoundGap(
                GapRule.UNIT_WITHOUT_PURPOSE,
                f"{GapRule.UNIT_WITHOUT_PURPOSE}:{unit}",
                node.name,
                unit_id=unit,
                since=since.purpose(unit),
            )


def no_neighbours(candidates: Iterable[Candidate]) -> Iterator[FoundGap]:
    """Something without an owner or a champion, of which nobody can say between whom it lies."""
    for candidate in candidates:
        subject = candidate.subject
        yield FoundGap(
            GapRule.NO_NEIGHBOUR,
            f"{GapRule.NO_NEIGHBOUR}:{candidate.key}",
            subject.name,
            unit_id=subject.id if subject.kind == "unit" else None,
            area_id=subject.id if subject.kind == "area" else None,
            market_id=subject.id if subject.kind == "market" else None,
            evidence={"space_rule": candidate.rule, **candidate.evidence},
        )


def _short(text: str) -> str:
    """A text as part of a key: itself, or a digest when it is long."""
    return text if len(text) <= 100 else hashlib.sha256(text.encode()).hexdigest()


def gap_sentence(gap: Gap, name: str) -> str:
    """A gap in words, with the names and numbers of its evidence; nobody is blamed."""
    evidence = gap.evidence
    told = {
        "name": name,
        "names": ", ".join(str(one) for one in evidence.get("names", ())),
        "role": str(MandateRole(gap.role).label) if gap.role else "",
        "people": " → ".join(str(one["name"]) for one in evidence.get("people", ())),
        "count": gap.people_count,
    }
    if gap.rule == GapRule.TRIFORCE_SEAT_VACANT:
        told["function"] = str(Function(evidence["function"]).label)
    if gap.rule == GapRule.MANAGER_UNKNOWN:
        return (
            ngettext(
                "%(count)d person names “%(name)s” as manager, who is not in the directory",
                "%(count)d people name “%(name)s” as manager, who is not in the directory",
                gap.people_count,
            )
            % told
        )
    if gap.rule in {GapRule.HOLDER_UNKNOWN, GapRule.TEAM_PM_UNKNOWN}:
        return (
            ngettext(
                "%(names)s, named as %(role)s, is not in the directory",
                "%(names)s, named as %(role)s, are not in the directory",
                max(1, gap.people_count),
            )
            % told
        )
    if gap.rule == GapRule.NO_NEIGHBOUR and evidence.get("space_rule") == SpaceRule.NO_CHAMPION:
        return str(_("The field has no Product Champion for it, and no unit of the field is known"))
    return str(GAP_SENTENCES[gap.rule]) % told
