"""What a practice shows of its routines, and of the time that it would ask (list PANELS)."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.kit import clock
from vertebra.kit.cards import Panel
from vertebra.practices.pages.frame import found
from vertebra.practices.pages.routines import next_of
from vertebra.practices.queries.reach import is_standard
from vertebra.practices.queries.routines import routines
from vertebra.practices.queries.texts import versions_of
from vertebra.practices.queries.time_asked import displaced_lines


def panel(kind: str, object_id: int) -> Panel | None:
    """The part of a practice that tells by which routines it is lived, and what it would ask."""
    if kind != Kind.PRACTICE:
        return None
    address = reverse("practices:practice-routines", args=(object_id,))
    return Panel("routines", _("Routines, and the time that it asks"), address)


@require_GET
@requires(Right.READ)
def practice_routines(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """Show the routines of a practice; before it is a standard, the time that it would ask loads by itself."""
    row = found(practice_id)
    rows = list(routines().filter(practice=row).order_by("title", "pk"))
    following = next_of(rows)
    context = {
        "row": row,
        "routines": [{"row": one, "next": following.get(one.pk)} for one in rows],
        "is_standard": is_standard(row, clock.today()),
        "may_write": may(request.user, Right.TAKE_PART) and row.archived_at is None,
    }
    return render(request, "practices/practice_routines.html", context)


@require_GET
@requires(Right.READ)
def practice_time(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """Show what a practice would ask of each function as the standard of the whole company."""
    row = found(practice_id)
    displaced = displaced_lines(versions_of(row).latest, None, clock.today())
    return render(request, "practices/practice_time.html", {"row": row, "displaced": displaced})
