"""Paths: the list, one of them with one's own steps, ticking a step."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.together import discussion, saved_views
from vertebra.analysis.privacy import FEWEST
from vertebra.kit import clock, markdown
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.learning.actions.taking import begin_path, do_step
from vertebra.learning.models import Enrolment, Path, PathStep
from vertebra.learning.pages.frame import found_path, path_page_of
from vertebra.learning.queries.completion import walked
from vertebra.learning.queries.meeting import people_to_meet
from vertebra.learning.queries.mine import steps_of
from vertebra.org.empty_spaces import person_of
from vertebra.org.labels import Function, MandateRole
from vertebra.org.pages.frame import base

PAGE = "paths"


@require_GET
@requires(Right.READ)
def path_list(request: PageRequest) -> HttpResponseBase:
    """List the paths in use."""
    rows = Path.objects.filter(archived_at=None).annotate(
        step_count=Count("steps", filter=Q(steps__archived_at=None))
    )
    listing = _list().read(
        request, rows, saved_views=saved_views(request.user, PAGE, request.get_full_path())
    )
    if listing.export:
        return listing.export
    for row in listing.rows:
        row.who = _who(row)
    context = {
        "listing": listing,
        "path_base": base("learning:path-show"),
        "may_write": may(request.user, Right.EDIT_ORGANISATION),
        "has_camp": Path.objects.filter(is_camp=True, archived_at=None).exists(),
    }
    return render(request, "learning/path_list.html", context)


def _list() -> ListOf:
    return ListOf(
        page=PAGE,
        file_name="paths",
        columns=[
            Column("title", gettext_lazy("Path"), lambda row: row.title, sort="title"),
            Column("for", pgettext_lazy("a path", "For"), _who),
            Column(
                "begins",
                gettext_lazy("Begins on arrival"),
                lambda row: _("by itself") if row.is_camp else "",
                sort="is_camp",
            ),
            Column("steps", gettext_lazy("Steps"), lambda row: row.step_count, sort="step_count", is_numeric=True),
            Column("changed", gettext_lazy("Changed"), lambda row: row.changed_at, sort="changed_at"),
        ],
        filters=[
            Filter(
                "begins",
                gettext_lazy("Begins on arrival"),
                lambda rows, value: rows.filter(is_camp=value == "yes"),
                lambda: [("yes", gettext_lazy("by itself")), ("no", gettext_lazy("when it is given"))],
            ),
        ],
        search=lambda rows, text: rows.filter(title__icontains=text),
        sort="-begins",
    )  # fmt: skip


def _who(row: Path) -> str:
    """For whom a path is, in words."""
    functions, roles = dict(Function.choices), dict(MandateRole.choices)
    names = [
        *(functions.get(code, code) for code in row.functions),
        *(roles.get(code, code) for code in row.roles),
    ]
    return ", ".join(str(name) for name in names)


@require_GET
@requires(Right.READ)
def path_page(request: PageRequest, path_id: int) -> HttpResponseBase:
    """Show a path; to somebody who is on it, with what they did and whom they meet."""
    row = found_path(path_id)
    now = clock.now()
    day = clock.today(now)
    person = person_of(request.user)
    mine = Enrolment.objects.filter(person=person, path=row).first() if person else None
    steps = steps_of(row, mine, day)
    is_writer = may(request.user, Right.EDIT_ORGANISATION)
    may_write = is_writer and row.archived_at is None
    context = {
        "row": row,
        "can_restore": is_writer and row.archived_at is not None,
        "description": markdown.render(row.description) if row.description else "",
        "who": _who(row),
        "steps": steps,
        "done": sum(one.is_done for one in steps),
        "mine": mine,
        "person": person,
        "has_people": bool(person) and any(one.row.meet for one in steps),
        "may_write": may_write,
        "discussion": discussion(request.user, Kind.PATH, row.pk, now),
    }
    return render(request, "learning/path.html", context)


@require_GET
@requires(Right.READ)
def path_people(request: PageRequest, path_id: int) -> HttpResponseBase:
    """Show whom this person meets on a path, found on the day."""
    rows = list(PathStep.objects.filter(path=path_id, archived_at=None).select_related("path"))
    row = rows[0].path if rows else found_path(path_id)
    person = person_of(request.user)
    steps = [one for one in rows if one.meet]
    found = people_to_meet(person, [one.meet for one in steps], clock.now()) if person and steps else {}
    context = {
        "row": row,
        "steps": [{"row": one, "people": found.get(one.meet, [])} for one in steps],
        "person_base": base("org:person-show"),
        "is_mine": person is not None,
    }
    return render(request, "learning/path_people.html", context)


@require_GET
@requires(Right.EDIT_ORGANISATION)
def path_walked(request: PageRequest, path_id: int) -> HttpResponseBase:
    """Show to whom a path is given, and how it is walked, for whoever may mend it: of five people or more."""
    row = found_path(path_id)
    steps = list(row.steps.filter(archived_at=None))
    told = walked(row, steps, clock.today())
    context = {
        "row": row,
        "assignments": row.assignments.filter(ended_at=None).select_related("audience"),
        "on_it": told.on_it,
        "walked": [{"row": one, "done": told.by_step.get(one.pk)} for one in steps] if told.on_it else [],
        "fewest": FEWEST,
        "may_write": row.archived_at is None,
    }
    return render(request, "learning/path_walked.html", context)


@require_POST
@requires(Right.TAKE_PART)
def path_start(request: PageRequest, path_id: int) -> HttpResponseBase:
    """Begin a path by oneself."""
    row = found_path(path_id)
    person = person_of(request.user)
    if person is None:
        messages.error(request, _("You are not in the directory: ask Product Ops to add you, then begin."))
    else:
        begin_path(person=person, path_id=row.pk, now=clock.now())
    return redirect(path_page_of(row))


@require_POST
@requires(Right.TAKE_PART)
def step_done(request: PageRequest, step_id: int) -> HttpResponseBase:
    """Tick a step, or take the tick back."""
    step = get_object_or_404(PathStep.objects.select_related("path"), pk=step_id, archived_at=None)
    person = person_of(request.user)
    if person is not None:
        try:
            do_step(person=person, step=step, is_done="not" not in request.POST, now=clock.now())
        except Refusal as refusal:
            messages.error(request, str(refusal))
    return redirect(f"{path_page_of(step.path)}#step-{step.pk}")
