"""Reading a conversation again: the notes with their marks, the transcripts, page by page."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.discovery.actions import transcripts as actions
from vertebra.discovery.forms.interviews import TranscriptForm
from vertebra.discovery.jobs.transcripts import read_large_transcript
from vertebra.discovery.labels import TranscriptState
from vertebra.discovery.models import Interview, Transcript, Verbatim
from vertebra.discovery.pages.interview_room import room_context
from vertebra.discovery.pages.interviews import of_interview
from vertebra.discovery.queries.conversations import (
    MOST_MARKS,
    Span,
    blocks_of,
    marks_of,
    parts_of,
    pieces_of,
    place_of,
    spans_of,
)
from vertebra.kit import clock
from vertebra.kit.files.labels import message, remedy
from vertebra.kit.files.problems import Code, Problem
from vertebra.kit.files.transcripts import LIMITS


@require_GET
@of_interview
def interview_reading(request: PageRequest, interview: Interview) -> HttpResponseBase:
    """The notes of a conversation with what is marked in them, and what is not tied to anything yet."""
    said = list(Verbatim.objects.filter(interview=interview, withdrawn_at=None))
    spans = spans_of(interview.notes, said)
    parts = parts_of(interview.notes)
    at = min(_number(request, "part"), len(parts))
    start, end = parts[at - 1]
    elsewhere = {pk for first, last, pk in spans if first >= end or last <= start}
    shown = Verbatim.objects.filter(pk__in=[row.pk for row in said if row.pk not in elsewhere][:MOST_MARKS])
    context = room_context(request, interview, marks_of(interview, shown)) | {
        "blocks": blocks_of(interview.notes, start, end, spans),
        "total": len(said),
        "pages": _pages(at, len(parts), "part"),
    }
    return render(request, "discovery/interview_reading.html", context)


def _number(request: PageRequest, name: str) -> int:
    given = request.GET.get(name, "")
    return max(1, int(given)) if given.isdecimal() and len(given) < 7 else 1


def _pages(at: int, count: int, name: str) -> dict[str, Any]:
    return {
        "at": at,
        "count": count,
        "previous": f"?{name}={at - 1}" if at > 1 else "",
        "next": f"?{name}={at + 1}" if at < count else "",
    }


@require_POST
@of_interview
def transcript_upload(request: PageRequest, interview: Interview) -> HttpResponse:
    """Take in a transcript; a large one is read by a job."""
    back = reverse("discovery:interview-reading", args=(interview.pk,))
    form = TranscriptForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("Choose a file: text, WebVTT or SRT."))
        return HttpResponseRedirect(back)
    file = form.cleaned_data["file"]
    content = file.read(LIMITS.max_bytes + 1)
    try:
        with transaction.atomic():
            transcript = actions.add_transcript(
                actor=request.user, interview=interview, name=file.name, content=content, now=clock.now()
            )
            if transcript.state == TranscriptState.READING:
                read_large_transcript.enqueue(transcript.pk)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return HttpResponseRedirect(back)
    return HttpResponseRedirect(reverse("discovery:transcript-show", args=(transcript.pk,)))


@requires(Right.PRODUCT_OPS)
@require_GET
def transcript_page(request: PageRequest, transcript_id: int) -> HttpResponseBase:
    """One page of a transcript, with what is marked in it; while it is being read, how it goes."""
    found = Transcript.objects.select_related("interview__person", "interview__guide")
    transcript = get_object_or_404(found, pk=transcript_id)
    at = min(_number(request, "page"), max(1, transcript.page_count))
    page = transcript.pages.filter(number=at).first()
    if request.GET.get("wait") and transcript.state == TranscriptState.READING:
        return HttpResponse(status=204)
    if request.GET.get("wait"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    said = Verbatim.objects.filter(transcript=transcript, withdrawn_at=None)
    first = page.first_line if page else 0
    count = len(page.lines) if page else 0
    here = said.filter(position__gte=first, position__lt=first + count)
    marked = list(here)
    context = room_context(request, transcript.interview, marks_of(transcript.interview, here)) | {
        "transcript": transcript,
        "problem": _problem(transcript),
        "lines": [
            _line(line, first + number, marked) for number, line in enumerate(page.lines if page else [])
        ],
        "pages": _pages(at, transcript.page_count, "page"),
    }
    return render(request, "discovery/transcript.html", context)


def _line(line: dict[str, Any], number: int, marked: list[Verbatim]) -> dict[str, Any]:
    """One line with its marks; words that run over its end mark it to the end."""
    text, spans = line["text"], list[Span]()
    for verbatim in marked:
        if verbatim.position != number:
            continue
        start = place_of(text, verbatim.text, None)
        if start is not None:
            spans.append((start, start + len(verbatim.text), verbatim.pk))
        else:
            begins = verbatim.text.split("\n")[0].strip()
            start = place_of(text, begins, None)
            spans.append((start or 0, len(text), verbatim.pk))
    at = line.get("at")
    return {
        "number": number,
        "at": f"{at // 3600}:{at // 60 % 60:02}:{at % 60:02}" if at is not None else "",
        "who": line.get("who", ""),
        "pieces": list(pieces_of(text, 0, len(text), sorted(spans))),
    }


def _problem(transcript: Transcript) -> dict[str, object] | None:
    """Why a large file could not be read, in the words of whoever looks."""
    for kept in transcript.problems[:1]:
        if kept.get("code") in set(Code):
            problem = Problem(
                transcript.name, kept.get("line"), None, Code(kept["code"]), kept["particulars"]
            )
            return {"line": problem.line, "what": message(problem), "remedy": remedy(problem)}
    return None


@requires(Right.PRODUCT_OPS)
@require_POST
def transcript_removal(request: PageRequest, transcript_id: int) -> HttpResponse:
    """Take a transcript away for good; what was marked in it stays."""
    transcript = get_object_or_404(Transcript, pk=transcript_id)
    if request.POST.get("name", "").strip() != transcript.name:
        raise Http404
    back = reverse("discovery:interview-reading", args=(transcript.interview_id,))
    actions.remove_transcript(actor=request.user, transcript=transcript, now=clock.now())
    messages.success(request, _("The transcript is gone; what was marked in it stays."))
    return HttpResponseRedirect(back)
