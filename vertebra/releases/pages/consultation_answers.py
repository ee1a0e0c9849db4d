"""Answering a consultation: by the link of a mail without an account, or on its page; opening changes nothing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.pages.limits import too_often, who_asks
from vertebra.accounts.permissions import PageRequest, Right, open_by_secret, requires
from vertebra.accounts.rate_limits import is_allowed
from vertebra.kit import clock, markdown
from vertebra.org.empty_spaces import person_of
from vertebra.org.pages.frame import refused
from vertebra.org.queries.people import language_for
from vertebra.releases.actions.consultation_answers import Overtaken, answer_consultation
from vertebra.releases.forms.consultations import AnswerForm
from vertebra.releases.models import ConsultationAsk
from vertebra.releases.pages.consultations import answer_of, page_with
from vertebra.releases.pages.frame import written_in
from vertebra.releases.queries.consultations import ask_by_link, asks, is_going_on, is_gone, stamp_of

PAGE = "releases/consultation_by_link.html"


@require_http_methods(["GET", "POST"])
@open_by_secret(reason="champions answer by a signed link that expires, on a phone, without an account")
def consultation_by_link(request: HttpRequest, token: str) -> HttpResponseBase:
    """Say in two minutes what something changes for one's trade."""
    now = clock.now()
    row = ask_by_link(token)
    if row is None:
        if not is_allowed("one_time_link", f"consultation:{who_asks(request)}"):
            return too_often(request)
        return render(request, PAGE, {"is_unknown": True}, status=404)
    language = language_for(row.person, row.consultation.language)
    with translation.override(language):
        if is_gone(row.person, clock.today(now)):
            return render(request, PAGE, {"is_expired": True, "language": language}, status=410)
        context = {"row": row, "consultation": row.consultation, "language": language}
        if row.consultation.closed_at is not None:
            return render(request, PAGE, {**context, "is_closed": True})
        if not is_going_on(row.consultation):
            return render(request, PAGE, {**context, "is_dropped": True}, status=410)
        if row.expires_at <= now:
            return render(request, PAGE, {**context, "is_expired": True}, status=410)
        form = AnswerForm(request.POST if request.method == "POST" else None, initial=answer_of(row))
        if request.method == "POST":
            if not is_allowed("survey_answer", f"consultation ask {row.pk}"):
                return too_often(request)
            if form.is_valid() and _taken(request, row, form, language):
                return redirect(request.path)
        details = row.consultation.details
        context |= {
            "form": form,
            "details": markdown.render(details) if details else "",
            "is_late": row.consultation.due_on < clock.today(now),
            "is_answered": hasattr(row, "answer"),
            "seen": stamp_of(getattr(row, "answer", None)),
        }
        return render(request, PAGE, context, status=422 if form.is_bound else 200)


@require_POST
@requires(Right.TAKE_PART)
def consultation_answer(request: PageRequest, consultation_id: int) -> HttpResponseBase:
    """Take the answer of somebody signed in, who was asked."""
    person = person_of(request.user)
    row = get_object_or_404(asks(), consultation=consultation_id, person=person.pk if person else 0)
    form = AnswerForm(request.POST)
    url = reverse("releases:consultation-show", args=(consultation_id,))
    if not form.is_valid():
        return refused(request, form, url)
    if not _taken(request, row, form, written_in()):
        return page_with(request, consultation_id, form)
    return redirect(url)


def _taken(request: HttpRequest, row: ConsultationAsk, form: AnswerForm, language: str) -> bool:
    """Take the answer, and say so, or why not; false if another was given meanwhile: what was typed is kept."""
    try:
        answer_consultation(
            actor=row.person.user, ask=row, language=language, now=clock.now(), **form.cleaned_data
        )
    except Overtaken as overtaken:
        form.add_error(None, str(overtaken))
        row.refresh_from_db()
        return False
    except NothingChanges:
        messages.success(request, _("Thank you: this was noted already."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("Thank you. You read here what becomes of it, and may answer better until then.")
        )
    return True
