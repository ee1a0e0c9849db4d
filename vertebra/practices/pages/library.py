"""What ships with Vertebra: practices to begin from, in the reader's language."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock, markdown
from vertebra.org.empty_spaces import language_now
from vertebra.org.labels import Function
from vertebra.practices.actions.practices import create_practice
from vertebra.practices.models import Practice
from vertebra.practices.pages.frame import page_of
from vertebra.practices.shipped import Shipped, shipped_practices


def _shipped(code: str) -> Shipped:
    found = shipped_practices(language_now()).get(code)
    if found is None:
        raise Http404
    return found


@require_GET
@requires(Right.READ)
def library(request: PageRequest) -> HttpResponseBase:
    """List the practices that ship, and which were begun from already."""
    begun: dict[str, Practice] = {
        row.shipped: row for row in Practice.objects.filter(archived_at=None).exclude(shipped="").order_by("-pk")
    }  # fmt: skip
    rows = [{"row": one, "begun": begun.get(one.code)} for one in shipped_practices(language_now()).values()]
    return render(
        request, "practices/library.html", {"rows": rows, "left": sum(1 for one in rows if not one["begun"])}
    )


@require_GET
@requires(Right.READ)
def library_practice(request: PageRequest, code: str) -> HttpResponseBase:
    """Show a practice that ships, with its templates."""
    one = _shipped(code)
    context = {
        "one": one,
        "steps": markdown.render(one.steps),
        "inputs": markdown.render(one.inputs),
        "outputs": markdown.render(one.outputs),
        "costs": [(Function(function).label, minutes) for function, minutes in one.costs],
        "templates": [(title, markdown.render(body)) for title, body in one.templates],
        "begun": Practice.objects.filter(shipped=code, archived_at=None).order_by("-pk").first(),
    }
    return render(request, "practices/library_practice.html", context)


@require_POST
@requires(Right.TAKE_PART)
def beginning(request: PageRequest, code: str) -> HttpResponse:
    """Begin a practice as an idea from one that ships, in both languages."""
    one = _shipped(code)
    row = create_practice(
        actor=request.user, name="", language=language_now(), shipped=one.code, now=clock.now()
    )
    messages.success(
        request, _("It is yours now: an idea that any team may try, and that you change at will.")
    )
    return redirect(page_of(row))
