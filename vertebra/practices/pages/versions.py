"""The versions of a practice, and what each changed."""

from django.db.models import prefetch_related_objects
from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit.numbers import whole_number
from vertebra.org.empty_spaces import language_now
from vertebra.practices.pages.frame import found
from vertebra.practices.queries.differences import differences
from vertebra.practices.queries.texts import versions_of


@require_GET
@requires(Right.READ)
def version_list(request: PageRequest, practice_id: int) -> HttpResponseBase:
    """Show the versions of a practice and what differs between one and the one before it (`?version=`)."""
    row = found(practice_id)
    known = versions_of(row)
    by_number = {version.number: version for version in known.every}
    new = by_number.get(whole_number(request.GET.get("version", "")) or known.latest.number, known.latest)
    old = by_number.get(new.number - 1)
    prefetch_related_objects([version for version in (old, new) if version], "texts", "costs")
    context = {
        "row": row,
        "known": known,
        "new": new,
        "old": old,
        "parts": differences(old, new, language_now()) if old else [],
    }
    return render(request, "practices/version_list.html", context)
