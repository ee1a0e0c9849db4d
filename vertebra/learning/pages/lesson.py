"""The page of a lesson: what it says, its one question, and for those who write it what waits."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vertebra.accounts.labels import Kind
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.accounts.together import discussion
from vertebra.kit import clock, markdown
from vertebra.kit.numbers import whole_number
from vertebra.learning.actions.taking import NotAnAnswer, answer_lesson
from vertebra.learning.labels import STANDING_TONES
from vertebra.learning.models import Completion, Enrolment, Lesson, LessonText, LessonVersion
from vertebra.learning.pages.frame import changeable, found, language_now, page_of
from vertebra.learning.queries.changes import changing, may_change_it
from vertebra.learning.queries.images import image_file
from vertebra.learning.queries.lessons import (
    Versions,
    is_complete,
    may_change,
    stale_texts,
    text_for,
    versions_of,
)
from vertebra.org.empty_spaces import person_of


@require_GET
@requires(Right.READ)
def lesson_page(request: PageRequest, lesson_id: int) -> HttpResponseBase:
    """Show a lesson: what it says and its question; what a lesson that expired said stays readable."""
    return _page(request, found(lesson_id))


def _page(request: PageRequest, row: Lesson, given: dict[str, Any] | None = None) -> HttpResponseBase:
    now = clock.now()
    known = versions_of(row)
    person = person_of(request.user)
    mine = list(Completion.objects.filter(person=person, version__lesson=row)) if person else []
    done = next((one for one in mine if known.current and one.version_id == known.current.pk), None)
    is_asked = person is not None and done is None
    is_writer = may_change(request.user, row)
    can_change = is_writer and row.archived_at is None
    context = {
        "row": row,
        "known": known,
        "standing": known.standing.label,
        "tone": STANDING_TONES[known.standing],
        **_read(known.latest, language_now()),
        "is_current": known.current is not None,
        "done": done,
        "took_before": bool(mine) and done is None,
        "enrolment": Enrolment.objects.filter(person=person, lesson=row).first() if is_asked else None,
        "is_known": person is not None,
        "today": clock.today(),
        "can_change": can_change,
        "can_restore": is_writer and row.archived_at is not None,
        **(_to_write(known) if can_change else {}),
        "discussion": discussion(request.user, Kind.LESSON, row.pk, now),
        **(given or {}),
    }
    return render(request, "learning/lesson.html", context, status=422 if given else 200)


def _read(version: LessonVersion | None, language: str) -> dict[str, Any]:
    """What a version says to a reader."""
    text = text_for(version, language) if version else None
    if version is None or text is None:
        return {"text": None}
    return {
        "version": version,
        "text": text,
        "body": markdown.render(text.body) if text.body else "",
        "choices": list(enumerate(text.choices)),
        "languages": [one.language for one in version.texts.all() if one.language != text.language],
    }


def _to_write(known: Versions) -> dict[str, Any]:
    """What waits for whoever keeps a lesson true."""
    drafted = list(known.draft.texts.all()) if known.draft else []
    return {
        "drafted": [{"row": text, "is_complete": is_complete(text)} for text in drafted],
        "can_publish": bool(drafted) and all(is_complete(text) for text in drafted),
    }


@require_GET
@requires(Right.TAKE_PART)
def lesson_upkeep(request: PageRequest, lesson_id: int) -> HttpResponseBase:
    """Show whoever keeps a lesson true what was written anew since, and which releases change what it tells."""
    row = changeable(request, lesson_id)
    current = versions_of(row).current
    context = {
        "row": row,
        "stale": stale_texts(current) if current else [],
        "changing": changing(row),
        "may_change_it": may_change_it(row) if current else [],
    }
    return render(request, "learning/lesson_upkeep.html", context)


@require_POST
@requires(Right.TAKE_PART)
def lesson_answer(request: PageRequest, lesson_id: int) -> HttpResponseBase:
    """Answer the one question: right, it is in one's own record; wrong, one reads why and tries again."""
    row = found(lesson_id)
    current = versions_of(row).current
    text = text_for(current, language_now()) if current else None
    if current is None or text is None:
        messages.error(request, _("This lesson holds no more: there is nothing to answer."))
        return redirect(page_of(row))
    choice = whole_number(str(request.POST.get("choice", "")))
    person = person_of(request.user)
    try:
        is_right = answer_lesson(
            person=person,
            version=current,
            choice=-1 if choice is None else choice,
            is_right=choice == text.right,
            now=clock.now(),
        )
    except NotAnAnswer as refusal:
        return _page(request, row, {"missing": str(refusal)})
    if not is_right:
        return _page(request, row, {"wrong": choice, "explanation": text.explanation})
    if person is None:
        messages.success(request, _("That is right. You are not in the directory: nothing of it is noted."))
    else:
        messages.success(request, _("That is right. It is in your own record."))
    return redirect(f"{page_of(row)}#check")


@require_GET
@requires(Right.TAKE_PART)
def lesson_draft(request: PageRequest, lesson_id: int) -> HttpResponseBase:
    """Show what is being written as those who will take it read it."""
    row = changeable(request, lesson_id)
    draft = versions_of(row).draft
    if draft is None:
        return redirect(page_of(row))
    wanted = request.GET.get("language", "") or language_now()
    return render(request, "learning/lesson_draft.html", {"row": row, **_read(draft, wanted)})


@require_GET
@requires(Right.READ)
def text_image(request: PageRequest, text_id: int) -> HttpResponseBase:
    """The image of a lesson."""
    text = get_object_or_404(LessonText.objects.select_related("version__lesson"), pk=text_id)
    if text.version.published_at is None and not may_change(request.user, text.version.lesson):
        raise Http404
    kept = image_file(text.image) if text.image else None
    if kept is None:
        raise Http404
    response = FileResponse(kept[0].open("rb"), content_type=kept[1])
    response["X-Content-Type-Options"] = "nosniff"
    return response
