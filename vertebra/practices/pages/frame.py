"""What the pages of ways of working share: the practice that is asked for, who may write it, the language one reads."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse

from vertebra.accounts.permissions import PageRequest
from vertebra.org.empty_spaces import language_now
from vertebra.practices.models import Practice
from vertebra.practices.queries.rights import may_change
from vertebra.practices.queries.texts import with_names

FORM_PAGE = "practices/form.html"


def found(practice_id: int) -> Practice:
    """The practice of that number."""
    rows = Practice.objects.select_related("carrier", "field", "validation__version", "validation__person")
    row = get_object_or_404(rows, pk=practice_id)
    if row.language != language_now():
        with_names([row])
    return row


def changeable(request: PageRequest, practice_id: int) -> Practice:
    """The practice, if this person may write it."""
    row = found(practice_id)
    if not may_change(request.user, row):
        raise PermissionDenied
    return row


def page_of(row: Practice) -> str:
    """The address of a practice."""
    return reverse("practices:practice-show", args=(row.pk,))
