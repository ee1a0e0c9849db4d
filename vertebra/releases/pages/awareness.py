"""Who knows of a release? For Product Ops and those who bring it out: groups, in steps of five, never persons."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.analysis.privacy import FEWEST
from vertebra.kit import clock
from vertebra.kit.pictures import Line, Marked, TimeChart
from vertebra.kit.tables import table_response
from vertebra.org.labels import Function
from vertebra.org.models import Market
from vertebra.org.pages.frame import do
from vertebra.org.queries.structure import Structure
from vertebra.releases.actions.awareness import remind_release
from vertebra.releases.labels.awareness import AnnouncementKind
from vertebra.releases.models import Release
from vertebra.releases.pages.frame import found
from vertebra.releases.queries.announcing import day_of
from vertebra.releases.queries.awareness import ALL, Awareness, Group, Step, awareness_of
from vertebra.releases.queries.reading import is_open
from vertebra.releases.queries.rights import is_of_team
from vertebra.releases.queries.understanding import answers_of

PARTS = {
    "units": gettext_lazy("By team"),
    "functions": gettext_lazy("By function"),
    "markets": gettext_lazy("By market"),
}
CURVE = "curve"
MOST_CURVES = 6


def of_team(request: PageRequest, release_id: int) -> Release:
    """The release, if this person brings it out or is Product Ops."""
    row = found(release_id)
    if not is_of_team(request.user, row):
        raise PermissionDenied
    return row


@require_GET
@requires(Right.TAKE_PART)
def release_awareness(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Show who knows of a release, against its day, and which groups do not yet."""
    row = of_team(request, release_id)
    now = clock.now()
    known, names = awareness_of(row), Names()
    part = request.GET.get("by", "")
    part = part if part in (*PARTS, CURVE) else "units"
    if (form := request.GET.get("format", "")) in ("csv", "xlsx"):
        return table_response("who-knows", form, *_table(known, part, names))
    part = "units" if part == CURVE else part
    inside = _inside(_groups(known, part), request.GET.get("in", ""))
    page = reverse("releases:release-awareness", args=(row.pk,))
    reminded = row.announcements.filter(kind=AnnouncementKind.FIRST, reminded_at__isnull=False)
    context = {
        "row": row,
        "known": known,
        "release_on": day_of(row),
        "before": _percent(known, day_of(row)),
        "charts": _charts(known, row, clock.today(now)),
        "steps": known.steps if known else (),
        "part": part,
        "tabs": [
            {"url": f"{page}?by={code}#groups", "label": label, "is_current": code == part}
            for code, label in PARTS.items()
        ],
        "groups": _rows(known, part, inside, names),
        "around": _around(known, part, inside, names),
        "csv_url": f"{page}?by={part}&format=csv",
        "curve_url": f"{page}?by={CURVE}&format=csv",
        "page_url": page,
        "is_told": bool(known) or row.announcements.filter(started_at__isnull=False).exists(),
        "reminded_at": reminded.values_list("reminded_at", flat=True).first(),
        "may_remind": known is not None and is_open(row),
        "answers": answers_of(row),
        "waiting": row.questions.filter(answered_at=None, archived_at=None).count(),
    }
    return render(request, "releases/release_awareness.html", context)


@require_POST
@requires(Right.TAKE_PART)
def release_reminder(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Remind those of whom nothing was heard, once."""
    row = of_team(request, release_id)
    return do(
        request,
        lambda: remind_release(actor=request.user, release=row, now=clock.now()),
        _("Those of whom nothing was heard are reminded of %(name)s, once, as their week allows."),
        reverse("releases:release-awareness", args=(row.pk,)),
    )


class Names:
    """What units, functions and markets are called, read when they are named."""

    def __init__(self) -> None:
        self._markets: dict[int, str] | None = None
        self._units: Mapping[int, Any] | None = None

    def of(self, part: str, key: str) -> str:
        """What a group is called."""
        if key == ALL:
            return _("everybody who was told")
        if part == "units":
            if self._units is None:
                self._units = Structure.as_of(clock.today(), with_members=False).nodes
            node = self._units.get(int(key))
            return node.name if node else _("a unit that is no more")
        function, _sign, market = key.partition("/")
        said = str(dict(Function.choices).get(function, function))
        return (
            _("%(function)s in %(market)s") % {"function": said, "market": self.market(int(market))}
            if market
            else said
        )

    def market(self, number: int) -> str:
        """What a market is called."""
        if self._markets is None:
            self._markets = dict(Market.objects.values_list("pk", "name"))
        return self._markets.get(number, "?")


def _groups(known: Awareness | None, part: str) -> tuple[Group, ...]:
    if known is None:
        return ()
    return known.units if part == "units" else known.functions


def _inside(groups: Iterable[Group], asked: str) -> str:
    """The group that is looked inside of: the one asked for, else the first around several."""
    inside: dict[str, list[str]] = {}
    for one in groups:
        inside.setdefault(one.parent, []).append(one.key)
    if asked in inside:
        return asked
    at = ALL
    while len(inside.get(at, ())) == 1 and inside[at][0] in inside:
        at = inside[at][0]
    return at


def _rows(known: Awareness | None, part: str, inside: str, names: Names) -> list[dict[str, Any]]:
    """The groups inside one, those of whom least was heard first; those that are not told apart at the end."""
    if known and part == "markets":
        return _markets(known, names)
    groups = _groups(known, part)
    parents = {one.parent for one in groups}
    found = [
        {
            "row": one,
            "name": names.of(part, one.key),
            "told": one.told,
            "is_apart": one.as_of == one.key,
            "as_of": names.of(part, one.as_of) if one.as_of and one.as_of != one.key else "",
            "is_few": one.told < FEWEST,
            "heard": one.heard,
            "understood": one.understood,
            "unheard": one.unheard,
            "key": one.key if one.key in parents else "",
            "share": one.heard / one.told,
        }
        for one in groups
        if one.parent == inside
    ]
    return sorted(found, key=lambda one: (not one["is_apart"], one["share"], one["name"]))


def _markets(known: Awareness, names: Names) -> list[dict[str, Any]]:
    """Each market in which somebody was told: what is told of its functions, or that none of them is told apart."""
    people = Counter[int]()
    for one in known.functions:
        _function, _sign, market = one.key.partition("/")
        if market:
            people[int(market)] += one.told
    apart = {one.market: one for one in known.markets}
    found = []
    for number, count in people.items():
        there = apart.get(number)
        told, heard = (there.told, there.heard) if there else (count, 0)
        found.append(
            {"name": names.market(number), "told": told, "heard": heard, "is_apart": there is not None,
             "is_few": count < FEWEST, "share": heard / told}
        )  # fmt: skip
    return sorted(found, key=lambda one: (not one["is_apart"], one["share"], one["name"]))


def _around(known: Awareness | None, part: str, inside: str, names: Names) -> list[dict[str, str]]:
    """The group that one looks inside of, and those around it, the outermost first."""
    parents = {one.key: one.parent for one in _groups(known, part)}
    found: list[dict[str, str]] = []
    while inside in parents and len(found) < 20:
        found.insert(0, {"key": inside, "name": names.of(part, inside)})
        inside = parents[inside]
    return found


def _percent(known: Awareness | None, day: dt.date | None) -> int | None:
    share = known.share_before(day) if known and day else None
    return None if share is None else int(share * 100)


def _charts(known: Awareness | None, row: Release, today: dt.date) -> dict[str, Any]:
    """The curve of everybody with the day of the release, and those of the largest functions beside each other."""
    if known is None or not known.steps:
        return {}
    day = day_of(row)
    marks = [Marked(day, _("its day"))] if day else []
    labels = dict(Function.choices)
    largest = sorted(known.curves.items(), key=lambda one: -one[1][0])[:MOST_CURVES]
    return {
        "whole": _chart(_("Said something, in percent of those who were told"), known.told, known.steps, known, marks, today),
        "parts": [
            _chart(str(labels.get(code, code)), told, steps, known, marks, today) for code, (told, steps) in largest
        ],
    }  # fmt: skip


def _chart(
    title: str, told: int, steps: Iterable[Step], known: Awareness, marks: list[Marked], today: dt.date
) -> TimeChart:
    eve = known.told_on - dt.timedelta(days=1)
    points = [(eve, 0.0), *((one.on, round(100 * one.heard / told, 1)) for one in steps)]
    last = max(known.told_on, min(known.counted_on, today))
    if points[-1][0] < last:
        points.append((last, points[-1][1]))
    lines = [Line("", points)]
    if marks and marks[0].starts_on > last:
        # The picture goes on to the day of the release, however far that is.
        lines.append(Line("", [(last, points[-1][1]), (marks[0].starts_on, points[-1][1])], is_faint=True))
    return TimeChart(
        title, lines, step=400, target=100.0, marks=marks, today=today,
        said=lambda value: _("%(percent)d%%") % {"percent": int(value)},
    )  # fmt: skip


def _table(
    known: Awareness | None, part: str, names: Names
) -> tuple[list[str], Iterable[tuple[object, ...]]]:
    """The numbers of a part of the page: the same steps of five as it shows, and nothing else."""
    if part == CURVE:
        head = [_("Day"), _("Group"), _("People told"), _("Said something, at least")]
        whole = [(one.on, names.of("", ALL), known.told, one.heard) for one in known.steps] if known else []
        parts = [
            (one.on, names.of("functions", code), told, one.heard)
            for code, (told, steps) in (known.curves if known else {}).items()
            for one in steps
        ]
        return head, [*whole, *parts]
    if part == "markets":
        head = [_("Market"), _("People told, in functions told apart there"), _("Said something, at least")]
        return head, [
            (names.market(one.market), one.told, one.heard) for one in (known.markets if known else ())
        ]
    head = [
        _("Group"),
        _("Inside"),
        _("People told"),
        _("As of"),
        _("Understood, at least"),
        _("Said something, at least"),
        _("Nothing heard, at least"),
    ]
    return head, [
        (names.of(part, one.key), names.of(part, one.parent), one.told, names.of(part, one.as_of) if one.as_of else "")
        + ((one.understood, one.heard, one.unheard) if one.as_of == one.key else (None, None, None))
        for one in _groups(known, part)
    ]  # fmt: skip
