"""Marking words in one gesture: a part of the page for the room, a form for browsers without scripts."""

from django.contrib import messages
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.discovery.actions.verbatims import mark_verbatim, tie_verbatim, unmark_verbatim
from vertebra.discovery.forms.interviews import MarkForm
from vertebra.discovery.models import Interview, PainPoint, Transcript, Verbatim
from vertebra.discovery.pages.interviews import of_interview
from vertebra.discovery.queries.alike import meant, suggested
from vertebra.discovery.queries.conversations import marks_of, place_of
from vertebra.discovery.queries.pain_points import current
from vertebra.kit import clock


@require_POST
@of_interview
def verbatim_mark(request: PageRequest, interview: Interview) -> HttpResponseBase:
    """Mark words of a conversation and tie them to what hurts."""
    form = MarkForm(request.POST)
    if not form.is_valid():
        return _refused(request, interview, " ".join(str(e) for one in form.errors.values() for e in one))
    given = form.cleaned_data
    transcript = Transcript.objects.filter(interview=interview, pk=given["transcript"] or 0).first()
    text = given["text"].replace("\r\n", "\n").strip()
    position = given["position"]
    if transcript is None:
        position = place_of(interview.notes, text, position)
    pain_point = _pain_point(given["pain_point"], given["title"])
    try:
        verbatim = mark_verbatim(
            actor=request.user,
            interview=interview,
            text=text,
            transcript=transcript,
            position=position,
            pain_point=pain_point,
            new_pain_point_title="" if pain_point else given["title"],
            now=clock.now(),
        )
    except Refusal as refusal:
        return _refused(request, interview, str(refusal))
    if request.htmx:
        return _marks(request, interview, verbatim)
    messages.success(request, _("Marked."))
    return HttpResponseRedirect(_where_from(interview, transcript))


def _pain_point(pk: int | None, title: str) -> PainPoint | None:
    """The one chosen, or the one that has exactly the title typed."""
    chosen = current().filter(pk=pk).first() if pk else None
    return chosen or (meant(title) if title.strip() else None)


def _refused(request: PageRequest, interview: Interview, words: str) -> HttpResponseBase:
    if request.htmx:
        context = {"words": words}
        response = render(request, "discovery/_marks.html#trouble", context)
        response["HX-Retarget"], response["HX-Reswap"] = "#mark-trouble", "innerHTML"
        return response
    messages.error(request, words)
    return HttpResponseRedirect(_where_from(interview, None) + "#by-hand")


def _marks(request: PageRequest, interview: Interview, verbatim: Verbatim | None = None) -> HttpResponseBase:
    """The list of what is marked, after it changed."""
    context = {
        "interview": interview,
        "marks": marks_of(interview),
        "fresh": verbatim.pk if verbatim else 0,
        "may_mark": True,
    }
    response = render(request, "discovery/_marks.html#marks", context)
    response["HX-Trigger"] = "vertebra:marked" if verbatim else "vertebra:unmarked"
    return response


def _where_from(interview: Interview, transcript: Transcript | None) -> str:
    if transcript is not None:
        return reverse("discovery:transcript-show", args=(transcript.pk,))
    return reverse("discovery:interview-show", args=(interview.pk,))


@require_GET
@of_interview
def verbatim_suggest(request: PageRequest, interview: Interview) -> HttpResponseBase:
    """Pain points that the selected words, or the letters typed, may speak of."""
    typed = request.GET.get("title", "")[:200]
    found = suggested(request.GET.get("text", "")[:2000], typed)
    is_known = bool(typed.strip()) and meant(typed) is not None
    context = {"suggestions": found, "typed": typed.strip(), "is_known": is_known}
    return render(request, "discovery/_marks.html#suggestions", context)


@requires(Right.PRODUCT_OPS)
@require_POST
def verbatim_removal(request: PageRequest, verbatim_id: int) -> HttpResponseBase:
    """Take a mark away."""
    verbatim = get_object_or_404(Verbatim.objects.select_related("interview"), pk=verbatim_id)
    back = request.POST.get("back", "")
    try:
        unmark_verbatim(actor=request.user, verbatim=verbatim, now=clock.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        if request.htmx and verbatim.interview:
            return _marks(request, verbatim.interview)
        messages.success(request, _("The mark is gone; the words stay in the notes."))
    return HttpResponseRedirect(_back_to(verbatim, back))


@requires(Right.PRODUCT_OPS)
@require_POST
def verbatim_tie(request: PageRequest, verbatim_id: int) -> HttpResponseBase:
    """Say what words marked before show to hurt."""
    verbatim = get_object_or_404(Verbatim.objects.select_related("interview"), pk=verbatim_id)
    title = str(request.POST.get("title", ""))[:200]
    pain_point = _pain_point(None, title)
    try:
        tie_verbatim(
            actor=request.user,
            verbatim=verbatim,
            pain_point=pain_point,
            new_pain_point_title="" if pain_point else title,
            now=clock.now(),
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Tied to what it shows."))
    return HttpResponseRedirect(_back_to(verbatim, str(request.POST.get("back", ""))))


def _back_to(verbatim: Verbatim, back: str) -> str:
    """The page of ours that the button stood on."""
    if verbatim.interview is None:
        return reverse("discovery:interview-list")
    if back == "reading":
        return reverse("discovery:interview-reading", args=(verbatim.interview_id,))
    return _where_from(verbatim.interview, verbatim.transcript if back == "transcript" else None)
