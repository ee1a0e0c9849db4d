"""What the pages of releases share: the release that is asked for, its address, forms, the language one writes in."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language

from vertebra.accounts.audit import Refusal
from vertebra.accounts.permissions import PageRequest
from vertebra.kit import clock
from vertebra.kit.numbers import whole_number
from vertebra.releases.models import Release
from vertebra.releases.queries.releases import named
from vertebra.releases.queries.requirements import HAS
from vertebra.releases.queries.rights import may_change

FORM_PAGE = "releases/form.html"


def found(release_id: int) -> Release:
    """The release of that number, with what its pages name."""
    rows = Release.objects.select_related("lead", "tier", "source")
    return get_object_or_404(named(rows, clock.today()).annotate(**HAS), pk=release_id)


def changeable(request: PageRequest, release_id: int) -> Release:
    """The release, if this person may change it."""
    row = found(release_id)
    if not may_change(request.user, row):
        raise PermissionDenied
    return row


def page_of(row: Release) -> str:
    """The address of a release."""
    return reverse("releases:release-show", args=(row.pk,))


def written_in() -> str:
    """The language that the reader writes in."""
    return (get_language() or "fr")[:2]


def number_in(request: PageRequest, name: str) -> int:
    """The number that a form sent under a name."""
    return whole_number(str(request.POST.get(name, ""))) or 0


def creation(
    request: PageRequest, form: Any, create: Callable[[dict[str, Any]], str], **words: Any
) -> HttpResponseBase:
    """A form that makes something: the address to go to once it is made, or the form with what is wrong."""
    if request.method == "POST" and form.is_valid():
        try:
            url = create(form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(url)
    return render(
        request,
        words.pop("template", FORM_PAGE),
        {"form": form, **words},
        status=422 if form.is_bound else 200,
    )
