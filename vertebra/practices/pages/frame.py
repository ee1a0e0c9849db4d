"""What the pages of ways of working share: the practice that is asked for, who may write it, the language one reads."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse

from vertebra.accounts.permissions import PageRequest
from vertebra.practices.models import Practice
from vertebra.practices.queries.rights import as_read_by, may_announce, may_change
from vertebra.practices.queries.texts import names_of

FORM_PAGE = "practices/form.html"


def found(practice_id: int) -> Practice:
    """The practice of that number."""
    return get_object_or_404(_rows(), pk=practice_id)


def announceable(request: PageRequest, practice_id: int, day: dt.date) -> Practice:
    """The practice, if this person may say for whom it is what."""
    row: Practice = get_object_or_404(as_read_by(_rows(), request.user, day), pk=practice_id)
    if not may_announce(request.user, row):
        raise PermissionDenied
    return row


def _rows() -> "QuerySet[Practice]":
    rows = Practice.objects.select_related("carrier", "field", "validation__version", "validation__person")
    return rows.annotate(**names_of())


def changeable(request: PageRequest, practice_id: int) -> Practice:
    """The practice, if this person may write it."""
    row = found(practice_id)
    if not may_change(request.user, row):
        raise PermissionDenied
    return row


def page_of(row: Practice) -> str:
    """The address of a practice."""
    return reverse("practices:practice-show", args=(row.pk,))
