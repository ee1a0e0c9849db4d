"""The room of a conversation: notes taken live and saved by themselves, and the two texts that grew apart."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from vertebra.accounts.audit import Refusal
from vertebra.accounts.permissions import PageRequest
from vertebra.discovery.actions.notes import Outcome, Saved, save_notes, settle_copy
from vertebra.discovery.forms.interviews import CloseForm, MarkForm, TranscriptForm
from vertebra.discovery.labels import INTERVIEW_WORDS, Consent, InterviewState
from vertebra.discovery.models import Interview, NotesCopy
from vertebra.discovery.pages.interviews import CONSENT_TONES, TONES, of_interview, who_of
from vertebra.discovery.queries.conversations import Mark, marks_of
from vertebra.discovery.queries.two_texts import Keep
from vertebra.kit import clock
from vertebra.kit.merging import Piece, beside
from vertebra.org.queries.structure import Structure

# Longer notes are fetched after the page, which stays light.
AT_ONCE = 25_000
MOST_PIECES, MOST_SHOWN = 40, 1500


@require_GET
@of_interview
def interview_room(request: PageRequest, interview: Interview) -> HttpResponseBase:
    """The room: who, the agreement, the guide, the notes."""
    return render(request, "discovery/interview_room.html", room_context(request, interview))


def room_context(
    request: PageRequest, interview: Interview, marks: list[Mark] | None = None
) -> dict[str, Any]:
    """What the room and the pages to read it again show; without `marks`, all that is marked."""
    now = clock.now()
    state = interview.state_at(now)
    copies = interview.copies.filter(merged_at=None).select_related("author").order_by("-at")
    return {
        "interview": interview,
        "who": who_of(interview),
        "unit": Structure.as_of(clock.today(now), with_members=False).get(interview.unit_id),
        "state_words": INTERVIEW_WORDS[state],
        "tone": TONES[state],
        "consent_tone": CONSENT_TONES[interview.consent],
        "is_planned": interview.state == InterviewState.PLANNED,
        "is_held": interview.state == InterviewState.HELD,
        "may_mark": interview.consent in (Consent.GIVEN, Consent.NOTES_ONLY),
        "is_long": len(interview.notes) > AT_ONCE,
        "questions": interview.guide.questions if interview.guide else [],
        "marks": marks_of(interview) if marks is None else marks,
        "copies": list(copies[:5]),
        "transcripts": list(interview.transcripts.order_by("pk")),
        "mark_form": MarkForm(auto_id="mark_%s"),
        "close_form": CloseForm(),
        "transcript_form": TranscriptForm(),
        "page_keys": [
            {"words": _("Mark what is selected"), "keys": ["Alt", "M"]},
            {"words": _("Write the next question of the guide"), "keys": ["Alt", "Q"]},
            {"words": _("Save the notes now"), "keys": ["Ctrl", "S"]},
        ],
        "now": now,
    }


@require_http_methods(["GET", "POST"])
@of_interview
def interview_notes(request: PageRequest, interview: Interview) -> HttpResponseBase:
    """The notes as they are now, or notes to save; the room asks for JSON, a form is led back."""
    if request.method == "GET":
        if request.GET.get("since") == str(interview.notes_version):
            return HttpResponse(status=204)
        return JsonResponse(_told(interview, Saved(Outcome.SAME, interview.notes_version, interview.notes)))
    wants_json = "application/json" in request.headers.get("Accept", "")
    try:
        saved = _save(request, interview, gives_up=not wants_json)
    except Refusal as refusal:
        if wants_json:
            return JsonResponse({"outcome": "refused", "words": str(refusal)}, status=422)
        messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("discovery:interview-show", args=(interview.pk,)))
    if wants_json:
        interview.refresh_from_db(fields=["notes_at", "notes_by"])
        return JsonResponse(_told(interview, saved))
    return _led_back(request, interview, saved)


def _save(request: PageRequest, interview: Interview, *, gives_up: bool) -> Saved:
    given = request.POST
    more = str(given.get("more", "")).strip()
    text = f"{interview.notes.rstrip()}\n\n{more}".lstrip() if more else str(given.get("text", ""))
    if "text" not in given and not more:
        return Saved(Outcome.SAME, interview.notes_version, interview.notes)
    version = str(given.get("version", ""))
    return save_notes(
        actor=request.user,
        interview=interview,
        text=text,
        version=interview.notes_version if more else int(version) if version.isdecimal() else -1,
        key=str(given.get("key", ""))[:80],
        base=str(given["base"]) if "base" in given else None,
        gives_up=gives_up,
        now=clock.now(),
    )


def _told(interview: Interview, saved: Saved) -> dict[str, Any]:
    """What the room needs to know of a save; the text only where it differs from what was sent."""
    at = interview.notes_at
    told: dict[str, Any] = {
        "outcome": saved.outcome,
        "version": saved.version,
        "at": formats.time_format(timezone.localtime(at), "TIME_FORMAT") if at else "",
        "by": interview.notes_by.name if interview.notes_by else "",
    }
    if saved.outcome in (Outcome.SAME, Outcome.MERGED):
        told["text"] = saved.text
    if saved.copy:
        told["copy"] = reverse("discovery:interview-copy", args=(interview.pk, saved.copy.pk))
    return told


def _led_back(request: PageRequest, interview: Interview, saved: Saved) -> HttpResponse:
    if saved.copy:
        messages.warning(
            request, _("Somebody else saved meanwhile: both texts are kept. Bring them together here.")
        )
        return HttpResponseRedirect(reverse("discovery:interview-copy", args=(interview.pk, saved.copy.pk)))
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("discovery:interview-show", args=(interview.pk,)))


@require_http_methods(["GET", "POST"])
@of_interview
def interview_copy(request: PageRequest, interview: Interview, copy_id: int) -> HttpResponseBase:
    """Two texts of the same notes side by side; one chooses at each difference, or keeps both."""
    copy = get_object_or_404(NotesCopy.objects.select_related("author"), pk=copy_id, interview=interview)
    here = reverse("discovery:interview-show", args=(interview.pk,))
    if request.method == "POST":
        try:
            settle_copy(
                actor=request.user,
                copy=copy,
                version=int(str(request.POST.get("version", "0")) or 0),
                kept=_kept(request, interview, copy),
                now=clock.now(),
            )
        except (Refusal, ValueError) as refusal:
            messages.error(request, str(refusal) if isinstance(refusal, Refusal) else _("Look again."))
            return HttpResponseRedirect(request.path)
        messages.success(request, _("Both texts are together now."))
        return HttpResponseRedirect(here)
    pieces = [piece for piece in beside(interview.notes, copy.text) if not piece.is_same]
    context = {
        "interview": interview,
        "who": who_of(interview),
        "copy": copy,
        "pieces": [_shown(piece) for piece in pieces[:MOST_PIECES]],
        "others": max(0, len(pieces) - MOST_PIECES),
    }
    return render(request, "discovery/interview_copy.html", context)


def _kept(request: PageRequest, interview: Interview, copy: NotesCopy) -> list[Keep]:
    """What was chosen: one side for everything, or for each difference; both where nothing was."""
    whole = str(request.POST.get("whole", ""))
    count = sum(not piece.is_same for piece in beside(interview.notes, copy.text))
    given = [whole or str(request.POST.get(f"keep_{at}", "")) for at in range(count)]
    return [Keep(one) if one in set(Keep) else Keep.BOTH for one in given]


def _shown(piece: Piece) -> dict[str, str]:
    sides = ("\n".join(piece.first), "\n".join(piece.second))
    first, second = (side[:MOST_SHOWN] + "…" * (len(side) > MOST_SHOWN) for side in sides)
    return {"saved": first, "copy": second}
