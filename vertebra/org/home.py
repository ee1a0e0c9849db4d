"""What the organisation has to say to one person on the home page."""

import datetime as dt
from functools import cache

from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.kit import clock
from vertebra.kit.home import Block, Line, Need, Part
from vertebra.org import labels
from vertebra.org.empty_spaces import held_by, in_units, open_spaces, person_of, title_of
from vertebra.org.models import EmptySpace, Gap, Mandate, Membership, Person, UnitVersion
from vertebra.org.queries.structure import Structure

LATELY = dt.timedelta(days=30)
SHOWN = 5


def part(user: User, now: dt.datetime) -> Part:
    """Empty spaces that wait for the person, those they raised, and where they work."""
    today = clock.today(now)

    @cache
    def counts() -> dict[str, int]:
        return _counts(today)

    return Part(
        lead=lambda: _lead(counts(), today) if counts()["all"] else "",
        needs=lambda: (not counts()["all"] and _first_step(user)) or _needs(user, counts(), today),
        blocks=lambda: [_raised(user), _places(person_of(user), today)],
        around=lambda: _around(user, today),
    )


def _around(user: User, today: dt.date) -> list[Block]:
    """What is open where the person directs, and what is reported most."""
    person = person_of(user)
    directed = _directed(person, today) if person is not None else None
    latest = [_latest()] if may(user, Right.EDIT_ORGANISATION) else []
    return [*([directed] if directed else []), *latest]


def _first_step(user: User) -> list[Need]:
    """What to do in an instance that knows no unit yet, for who may do it."""
    if not may(user, Right.EDIT_ORGANISATION) or UnitVersion.objects.all_time().exists():
        return []
    url, verb = reverse("org:unit-create"), _("Create the first unit")
    if may(user, Right.IMPORT):
        url, verb = reverse("sources:import-create"), _("Import files")
    why = _("Import it from the files you have, or begin with your company and its first team.")
    return [Need(_("The organisation is not drawn yet"), url, verb, why)]


def _counts(today: dt.date) -> dict[str, int]:
    """Empty spaces that nobody takes care of: all, new this month, and those that somebody reported."""
    rows = open_spaces().filter(state=labels.SpaceState.OPEN)
    return rows.aggregate(
        all=Count("pk"),
        new=Count("pk", filter=Q(first_seen_on__gt=today - LATELY)),
        waiting=Count("pk", filter=Q(report_count__gt=0, owner=None)),
    )


def _lead(counts: dict[str, int], today: dt.date) -> SafeString:
    """How many empty spaces have nobody, and how many are new; each leads to those it counts."""
    url = f"{reverse('org:empty-space-list')}?state={labels.SpaceState.OPEN}"
    said = ngettext(
        "%(count)d empty space has nobody to take care of it",
        "%(count)d empty spaces have nobody to take care of them",
        counts["all"],
    ) % {"count": counts["all"]}
    whole = format_html('<a href="{}">{}</a>', url, said)
    if not counts["new"]:
        return format_html("{}.", whole)
    new = ngettext("%(count)d appeared this month", "%(count)d appeared this month", counts["new"])
    comma = pgettext("between two parts of a sentence", ";")
    since = today - LATELY + dt.timedelta(days=1)
    lately = format_html(
        '<a href="{}&since={}">{}</a>', url, since.isoformat(), new % {"count": counts["new"]}
    )
    return format_html("{}{} {}.", whole, comma, lately)


def _needs(user: User, counts: dict[str, int], today: dt.date) -> list[Need]:
    """Spaces I took, spaces beside what I answer for that nobody took, and what waits for Product Ops."""
    person = person_of(user)
    needs = _of_person(person, today) if person is not None else []
    if may(user, Right.PRODUCT_OPS) and counts["waiting"]:
        sentence = ngettext(
            "%(count)d reported empty space has nobody yet",
            "%(count)d reported empty spaces have nobody yet",
            counts["waiting"],
        ) % {"count": counts["waiting"]}
        url = f"{reverse('org:empty-space-list')}?state={labels.SpaceState.OPEN}&origin=reported&owner=nobody"
        needs.append(Need(sentence, url, _("Find someone"), _("Whoever reported it waits for an answer.")))
    if may(user, Right.ADMINISTER) and (gaps := Gap.objects.filter(ended_on=None).count()):
        sentence = ngettext("%(count)d gap in the data", "%(count)d gaps in the data", gaps) % {"count": gaps}
        why = _("Vacancies and references that lead nowhere.")
        needs.append(Need(sentence, reverse("org:gap-list"), _("See them"), why))
    return needs


def _of_person(person: Person, today: dt.date) -> list[Need]:
    rows = (
        open_spaces()
        .exclude(state__in=labels.SETTLED)
        .filter(Q(owner=person) | _beside(person, today))
        .distinct()
    )
    needs = []
    for space in rows.order_by("-report_count", "-id")[: 2 * SHOWN]:
        url = reverse("org:empty-space-show", args=(space.pk,))
        if space.owner_id == person.pk:
            needs.append(
                Need(title_of(space), url, _("Open it"), _("You take care of it: say where it stands."))
            )
        else:
            why = _("It lies beside what you answer for, and nobody has taken it.")
            needs.append(Need(title_of(space), url, _("See it"), why, ask=(Kind.EMPTY_SPACE, space.pk)))
    return needs


def _beside(person: Person, today: dt.date) -> Q:
    """Reported spaces that nobody took, beside a unit, area or market the person holds a mandate for."""
    held = Mandate.objects.as_of(today).filter(person=person)
    near = (
        Q(neighbours__unit__in=held.filter(unit__isnull=False).values("unit"))
        | Q(neighbours__area__in=held.filter(area__isnull=False).values("area"))
        | Q(neighbours__market__in=held.filter(market__isnull=False).values("market"))
    )
    return near & Q(owner=None, state=labels.SpaceState.OPEN, report_count__gt=0)


def _raised(user: User) -> Block:
    """What the person reported, and what became of it."""
    rows = EmptySpace.objects.filter(reports__reported_by=user).distinct().order_by("-changed_at")[:SHOWN]
    empty = _(
        "You have reported nothing yet. When something falls between two teams, say it in one sentence."
    )
    return Block(
        _("What you raised"),
        [_line(space) for space in rows],
        reverse("org:empty-space-report"),
        empty,
        _("Report an empty space"),
    )


def _latest() -> Block:
    """The empty spaces that people report most."""
    rows = open_spaces().filter(report_count__gt=0).exclude(state__in=labels.SETTLED)
    rows = rows.order_by("-report_count", "-id")[:SHOWN]
    empty = _(
        "Nobody has reported an empty space yet. Share the link that lets anyone report one in a sentence."
    )
    return Block(
        _("What is reported most"), [_line(space) for space in rows], reverse("org:empty-space-list"), empty
    )


def _line(space: EmptySpace) -> Line:
    reported = ngettext("reported once", "reported %(count)d times", space.report_count) % {
        "count": space.report_count
    }
    return Line(
        title_of(space),
        reverse("org:empty-space-show", args=(space.pk,)),
        reported if space.report_count else str(_("found by a rule")),
        space.get_state_display(),
        labels.SPACE_TONES[space.state],
    )


def _directed(person: Person, today: dt.date) -> Block | None:
    """For a director: the empty spaces that are open in the unit they direct, as far down as it goes."""
    held = (row for row in held_by(person, today) if row.role == labels.MandateRole.DIRECTOR)
    unit = next((row.unit_id for row in held if row.unit_id), None)
    if unit is None:
        return None
    structure = Structure.as_of(today, with_members=False)
    node = structure.get(unit)
    if node is None:
        return None
    inside = structure.under(node.id)
    rows = in_units(open_spaces().filter(state=labels.SpaceState.OPEN), inside, today)
    lines = [_line(space) for space in rows.order_by("-report_count", "-first_seen_on", "-pk")[:SHOWN]]
    # The list filters by units that hold others; the page of a team shows its own.
    url = f"{reverse('org:empty-space-list')}?state={labels.SpaceState.OPEN}&unit={node.id}"
    more = url if node.children else reverse("org:unit-show", args=(node.id,))
    empty = _("No empty space is open there.")
    return Block(_("What is open in %(unit)s, which you direct") % {"unit": node.name}, lines, more, empty)


def _places(person: Person | None, today: dt.date) -> Block:
    """Units where the person works or answers for something."""
    empty = _("Your account is not tied to anybody in the directory. An administrator can do it.")
    if person is None:
        return Block(_("Where you work"), [], "", empty)
    rows = Membership.objects.as_of(today).filter(person=person)
    current = UnitVersion.objects.as_of(today).filter(unit=OuterRef("unit")).values("name")[:1]
    lines = [
        Line(name, reverse("org:unit-show", args=(unit,)), str(labels.Function(function).label))
        for unit, function, name in rows.annotate(name=Subquery(current)).values_list(
            "unit_id", "function", "name"
        )
    ]
    return Block(_("Where you work"), lines, "", pgettext("of a person", "You belong to no unit yet."))
