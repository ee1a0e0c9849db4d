"""What is learnt of a release: the lesson that it carries, and the lessons that it changes."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.kit import clock
from vertebra.learning.actions.lessons import create_lesson
from vertebra.learning.labels import STANDING_TONES
from vertebra.learning.models import Lesson
from vertebra.learning.pages.frame import page_of
from vertebra.learning.queries.changes import lessons_beside
from vertebra.learning.queries.lessons import due_before, versions_of
from vertebra.releases.labels.releases import UPCOMING
from vertebra.releases.models import Release
from vertebra.releases.queries.rights import may_change


@require_GET
@requires(Right.READ)
def release_lessons(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Show the lesson of a release, and which lessons it changes or may change."""
    release = get_object_or_404(Release.objects.select_related("tier", "lead"), pk=release_id)
    lesson = Lesson.objects.filter(release=release, archived_at=None).first()
    standing = versions_of(lesson).standing if lesson else None
    is_coming = release.state in UPCOMING and release.archived_at is None
    context = {
        "release": release,
        "lesson": lesson,
        "standing": standing.label if standing else "",
        "tone": STANDING_TONES[standing] if standing else "neutral",
        "due_on": due_before(release, clock.today()),
        "is_coming": is_coming,
        "can_change": may_change(request.user, release) and may(request.user, Right.TAKE_PART),
        "beside": lessons_beside(release) if is_coming else [],
    }
    return render(request, "learning/release_lessons.html", context)


@require_POST
@requires(Right.TAKE_PART)
def lesson_begin(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Begin the lesson of a release now, from its briefs."""
    release = get_object_or_404(Release.objects.select_related("area", "lead"), pk=release_id)
    if not may_change(request.user, release):
        raise PermissionDenied
    try:
        row = create_lesson(
            actor=request.user, title=release.title, language=release.language, release=release,
            area=release.area, owner=release.lead, now=clock.now(),
        )  # fmt: skip
    except Refusal as refusal:
        messages.error(request, str(refusal))
        row = get_object_or_404(Lesson, release=release, archived_at=None)
    else:
        messages.success(request, _("Its lesson begins with what its briefs say: read it, ask one question."))
    return redirect(page_of(row))
