"""Places of work: what lists show of them, whose they might be by their names, what a file says of them."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import BigIntegerField, Case, F, QuerySet, Value, When
from django.utils.translation import gettext as _

from vertebra.evidence.labels import PlaceWay
from vertebra.evidence.models import WorkPlace
from vertebra.kit.text import fold
from vertebra.org.queries.care import Areas
from vertebra.org.queries.structure import Structure

# From this likeness on (of 100) a name is suggested.
ALIKE = 86
_MAPPED_LAST = 10**12


def work_places() -> QuerySet[WorkPlace]:
    """Every place; those that nobody mapped first, of most work items first."""
    order = Case(When(is_mapped=True, then=Value(_MAPPED_LAST)), default=Value(0)) - F("weight")
    rows = WorkPlace.objects.select_related("source")
    return rows.annotate(order=Case(When(pk__gt=0, then=order), output_field=BigIntegerField()))


@dataclass(frozen=True, slots=True)
class Suggested:
    """A unit or an area that is called like a place."""

    kind: str
    id: int
    name: str


def suggestions(rows: Iterable[WorkPlace], structure: Structure, areas: Areas) -> dict[int, Suggested]:
    """For places that nobody mapped, the unit or area whose name is most like theirs."""
    from rapidfuzz import fuzz, process  # loaded by the first page that suggests

    nodes = [Suggested("unit", node.id, node.name) for node in structure.all()]
    nodes += [Suggested("area", node.id, node.name) for node in areas.all()]
    names = [fold(node.name) for node in nodes]
    found = {}
    for row in rows:
        wanted = fold(row.value)
        if row.is_mapped or len(wanted) < 3:
            continue
        best = process.extractOne(wanted, names, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE)
        if best:
            found[row.pk] = nodes[best[2]]
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """What a line of a file says of a place."""

    place: WorkPlace
    unit: int | None
    area: int | None


@dataclass(frozen=True, slots=True)
class Unfit:
    """What is wrong with a line, and how to mend it."""

    line: int
    what: str
    remedy: str


def read_file(
    held: bytes, headings: Mapping[str, str], structure: Structure, areas: Areas
) -> Iterator[Line | Unfit]:
    """What a file says, line by line; `headings` tells what each column is called. Blank units and areas change nothing."""
    try:
        text = held.decode("utf-8-sig")
    except UnicodeDecodeError:
        yield Unfit(1, _("The file is not written in UTF-8."), _("Save it as “CSV UTF-8”."))
        return
    first = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text), delimiter=";" if first.count(";") > first.count(",") else ",")
    known = {fold(name): name for name in rows.fieldnames or ()}
    columns = {key: known.get(fold(label)) or known.get(key) for key, label in headings.items()}
    for key in ("source", "way", "value"):
        if not columns[key]:
            yield Unfit(
                1,
                _("There is no column “%(name)s”.") % {"name": headings[key]},
                _("Export the list and change that file."),
            )
            return
    places = {
        (fold(one.source.name), one.way, fold(one.value)): one
        for one in WorkPlace.objects.select_related("source")
    }
    ways = {fold(str(label)): code for code, label in PlaceWay.choices} | {
        code: code for code in PlaceWay.values
    }
    for number, row in enumerate(rows, start=2):
        told = {key: (row.get(name) or "").strip() if name else "" for key, name in columns.items()}
        if told["unit"] or told["area"]:
            yield _line(number, told, places, ways, structure, areas)


def _line(
    number: int,
    told: Mapping[str, str],
    places: Mapping[tuple[str, str, str], WorkPlace],
    ways: Mapping[str, str],
    structure: Structure,
    areas: Areas,
) -> Line | Unfit:
    place = places.get((fold(told["source"]), ways.get(fold(told["way"]), ""), fold(told["value"])))
    if place is None:
        return Unfit(
            number, _("No source tells of “%(name)s”.") % {"name": told["value"]},
            _("Write source, kind and name as the list has them."),
        )  # fmt: skip
    ids: dict[str, int | None] = {"unit": place.unit_id, "area": place.area_id}
    for kind, nodes in (("unit", structure.all()), ("area", areas.all())):
        wanted = fold(told[kind])
        named = [node.id for node in nodes if wanted in (fold(node.name), f"#{node.id}")]
        if wanted and len(named) != 1:
            return Unfit(
                number, _("“%(name)s” names no unit or area, or several.") % {"name": told[kind]},
                _("Write its name as on its page, or its number: #12."),
            )  # fmt: skip
        ids[kind] = named[0] if wanted else ids[kind]
    return Line(place, ids["unit"], ids["area"])
