"""The map of the organisation: a diagram, and the same as an outline."""

from dataclasses import dataclass

from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit.numbers import whole_number
from vertebra.kit.templatetags.ui import figure
from vertebra.org.models import UnitKind
from vertebra.org.pages.frame import Day, day_of, frame
from vertebra.org.queries.colours import COLOURS, Colours, Shade, lacks
from vertebra.org.queries.structure import Node, Structure
from vertebra.org.queries.trees import matching, walk

VIEWS = ("map", "outline")
# An outline of more rows than this opens branch by branch, so that the page stays light.
MOST_ROWS = 700


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """One line of the outline, and the lists that end after it."""

    id: int
    name: str
    detail: str
    shade: Shade | None
    has_inside: bool
    is_open: bool
    closes: SafeString
    hidden: int = 0


@require_GET
@requires(Right.READ)
def show_map(request: PageRequest) -> HttpResponseBase:
    """Show how the company is made on a day: who is inside whom, and how many they are."""
    day = day_of(request)
    structure = Structure.as_of(day.date)
    colour = request.GET.get("colour", "")
    colours = COLOURS[colour](structure) if colour in COLOURS else None
    branch = structure.get(whole_number(request.GET.get("from", "")))
    found = matching(structure.all(), request.GET.get("find", ""))
    roots = [branch] if branch else structure.roots
    view = request.GET.get("view", "")
    context = {
        **frame(request, day, "map"),
        "structure": structure,
        "people": sum(root.members for root in structure.roots),
        "kinds": _by_kind(structure),
        "lacks": lacks() if day.is_today else {},
        "unit_list_url": reverse("org:unit-list") + day.keep,
        "rows": outline(roots, colours, {node.id for node in found}),
        "branch": branch,
        "above": structure.above(branch.id) if branch else [],
        "find": request.GET.get("find", ""),
        "found": found[:20],
        "colour": colour if colours else "",
        "legend": colours.legend if colours else [],
        "colour_links": _links(request, "colour", _colour_labels()),
        "view_links": _links(request, "view", [("map", _("Map")), ("outline", _("Outline"))]),
        "view": view if view in VIEWS else "",
        "data_url": _data_url(request, day),
        "troubled": [node for node in structure.nodes.values() if node.trouble],
    }
    return render(request, "org/map.html", context)


@require_GET
@requires(Right.READ)
def map_data(request: PageRequest) -> HttpResponseBase:
    """The same units as the diagram needs them."""
    structure = Structure.as_of(day_of(request).date)
    colour = request.GET.get("colour", "")
    shades = COLOURS[colour](structure).shades if colour in COLOURS else {}
    kinds = {kind: str(kind) for kind in {node.kind for node in structure.nodes.values()}}
    return JsonResponse(
        {
            "units": [
                {
                    "id": node.id,
                    "name": node.name,
                    "kind": kinds[node.kind],
                    "parent": node.path[-1] if node.path else None,
                    "people": node.members,
                    "words": _people(node.members),
                    "hue": shades[node.id].hue if node.id in shades else 0,
                    "shade": shades[node.id].words if node.id in shades else "",
                }
                for node in structure.all()
            ]
        }
    )


def outline(roots: list[Node], colours: Colours | None, wanted: set[int]) -> list[OutlineRow]:
    """The branches as rows; when there are many, those below the second level wait to be asked for."""
    nodes = list(walk(roots))
    top = roots[0].depth if roots else 0
    opened = {above for node in nodes if node.id in wanted for above in node.path}
    deepest = top + (2 if len(nodes) > MOST_ROWS else 10_000)
    shown = [node for node in nodes if node.depth <= deepest]
    kinds: dict[UnitKind, str] = {}
    rows = []
    for at, node in enumerate(shown):
        has_inside = bool(node.children) and node.depth < deepest
        next_depth = shown[at + 1].depth if at + 1 < len(shown) else top
        ends = 0 if has_inside else node.depth - next_depth
        rows.append(
            OutlineRow(
                id=node.id,
                name=node.name,
                detail=f"{kinds.setdefault(node.kind, str(node.kind))} · {_people(node.members)}",
                shade=colours.shades.get(node.id) if colours else None,
                has_inside=has_inside,
                is_open=node.depth == top or node.id in opened,
                closes=mark_safe("</ul></details></li>" * ends),  # noqa: S308 (our own markup, no input)
                hidden=0 if has_inside else len(node.children),
            )
        )
    return rows


def _people(number: int) -> str:
    words = ngettext("%(count)s person", "%(count)s people", number)
    return words % {"count": figure(number)}


def _by_kind(structure: Structure) -> list[dict[str, object]]:
    """How many units of each kind there are, in the order of the kinds."""
    counts: dict[UnitKind, int] = {}
    for node in structure.nodes.values():
        counts[node.kind] = counts.get(node.kind, 0) + 1
    return [
        {"kind": kind, "count": counts[kind]} for kind in sorted(counts, key=lambda k: (k.position, k.slug))
    ]


def _colour_labels() -> list[tuple[str, str]]:
    return [
        ("", _("None")),
        ("function", _("Function")),
        ("market", _("Market")),
        ("vacancy", _("Vacant seats")),
    ]


def _links(request: PageRequest, key: str, choices: list[tuple[str, str]]) -> list[dict[str, object]]:
    """One link for each choice, keeping the rest of the address."""
    links = []
    for value, label in choices:
        asked = request.GET.copy()
        asked.pop(key, None)
        if value:
            asked[key] = value
        is_current = request.GET.get(key, "") == value
        links.append({"key": value, "label": label, "url": f"?{asked.urlencode()}", "is_current": is_current})
    return links


def _data_url(request: PageRequest, day: Day) -> str:
    asked = request.GET.copy()
    for key in list(asked):
        if key not in {"as_of", "colour"}:
            asked.pop(key)
    return f"{reverse('org:map-data')}?{asked.urlencode()}"
