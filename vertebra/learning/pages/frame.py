"""What the pages of learning share: the lesson that is asked for, who may write it, the language one reads."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language

from vertebra.accounts.permissions import PageRequest
from vertebra.learning.models import Lesson, Path
from vertebra.learning.queries.lessons import may_change

FORM_PAGE = "learning/form.html"


def found(lesson_id: int) -> Lesson:
    """The lesson of that number."""
    return get_object_or_404(Lesson.objects.select_related("release", "owner", "feature"), pk=lesson_id)


def changeable(request: PageRequest, lesson_id: int) -> Lesson:
    """The lesson, if this person may write it."""
    row = found(lesson_id)
    if not may_change(request.user, row):
        raise PermissionDenied
    return row


def found_path(path_id: int) -> Path:
    """The path of that number."""
    return get_object_or_404(Path, pk=path_id)


def page_of(row: Lesson) -> str:
    """The address of a lesson."""
    return reverse("learning:lesson-show", args=(row.pk,))


def path_page_of(row: Path) -> str:
    """The address of a path."""
    return reverse("learning:path-show", args=(row.pk,))


def language_now() -> str:
    """The language that the reader reads."""
    return (get_language() or "fr")[:2]
