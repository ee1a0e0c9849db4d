"""Pages of the diagnosis: the symptom test, whom else to ask, what it says and what follows from it."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.models import AuditEntry
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.analysis.diagnosis import FEWEST_ANSWERED, SYMPTOMS
from vertebra.discovery.actions import diagnoses as actions
from vertebra.discovery.forms.diagnoses import AskPopulationsForm, SymptomForm
from vertebra.discovery.labels import DiagnosisState
from vertebra.discovery.models import Diagnosis
from vertebra.discovery.queries.diagnosis_results import (
    Reading,
    diagnoses,
    field_of,
    fields_of_action,
    previous,
    read,
)
from vertebra.kit import clock
from vertebra.org.empty_spaces import language_now
from vertebra.org.models import Field
from vertebra.org.pages.frame import Ask, answer, do, done

SHOWN = 40


@require_GET
@requires(Right.PRODUCT_OPS)
def diagnosis_list(request: PageRequest) -> HttpResponse:
    """Every diagnosis, the latest first: what each said."""
    fields = fields_of_action()
    rows = [(one, read(one, fields)) for one in diagnoses()[:SHOWN]]
    latest = next((row for row in rows if row[0].state == DiagnosisState.DONE), None)
    context = {"rows": rows, "latest": latest, "today": clock.today()}
    return render(request, "discovery/diagnosis_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def diagnosis_create(request: PageRequest) -> HttpResponseBase:
    """Take the symptom test: ten minutes, the result at once."""
    form = SymptomForm(request.POST if request.method == "POST" else None, language=language_now())
    if request.method == "POST" and form.is_valid():
        entry = actions.start_diagnosis(
            actor=request.user, answers=form.answers(), language=language_now(), now=clock.now()
        )
        url = reverse("discovery:diagnosis-show", args=(entry.object_id,))
        return done(request, _("Here is what it says."), entry, url)
    return _test(request, form, reverse("discovery:diagnosis-list"))


def _test(request: PageRequest, form: SymptomForm, cancel_url: str) -> HttpResponse:
    context = {
        "form": form,
        "count": len(SYMPTOMS),
        "fewest": FEWEST_ANSWERED,
        "cancel_url": cancel_url,
        "draft": "diagnosis",
    }
    return render(request, "discovery/diagnosis_form.html", context, status=422 if form.errors else 200)


def _found(diagnosis_id: int) -> Diagnosis:
    return get_object_or_404(diagnoses(), pk=diagnosis_id)


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def diagnosis_answers(request: PageRequest, diagnosis_id: int) -> HttpResponseBase:
    """Change one's own answers."""
    diagnosis = _found(diagnosis_id)
    initial = {code: str(value) for code, value in diagnosis.own_answers.items()}
    data = request.POST if request.method == "POST" else None
    form = SymptomForm(data, language=language_now(), initial=initial)
    url = reverse("discovery:diagnosis-show", args=(diagnosis_id,))
    if request.method == "POST" and form.is_valid():
        return do(
            request,
            lambda: actions.answer_again(
                actor=request.user, diagnosis=diagnosis, answers=form.answers(), now=clock.now()
            ),
            _("Here is what it says."),
            url,
        )
    return _test(request, form, url)


@require_GET
@requires(Right.PRODUCT_OPS)
def diagnosis_page(request: PageRequest, diagnosis_id: int) -> HttpResponse:
    """What a diagnosis says, why, and what follows from it."""
    diagnosis = _found(diagnosis_id)
    before = previous(diagnosis)
    fields = fields_of_action()
    reading = read(diagnosis, fields, before)
    context = {
        "diagnosis": diagnosis,
        "reading": reading,
        "before": before,
        "before_reading": read(before, fields) if before else None,
        "is_same_basis": before is not None and bool(before.survey_id) == bool(diagnosis.survey_id),
        "is_asking": diagnosis.state == DiagnosisState.ASKING,
        "campaign_url": _campaign_url(diagnosis, reading),
        "proposals": [
            (one, _pain_point_url(diagnosis, one.pain, field_of(one.code, fields)))
            for one in reading.proposals
        ],
        "fewest": FEWEST_ANSWERED,
        "is_uncovered": bool(fields) and any(line.field_id is None for line in reading.fields),
    }
    return render(request, "discovery/diagnosis.html", context)


def _campaign_url(diagnosis: Diagnosis, reading: Reading) -> str:
    """Where a round of listening begins, with what it should be about and whom it should hear."""
    names = " · ".join(words.name for words in reading.proposals)
    purpose = _("What the diagnosis points to, to be heard from those who live it: %(names)s") % {
        "names": names
    }
    query = {
        "title": _("After the diagnosis"),
        "purpose": purpose if names else "",
        "diagnosis": str(diagnosis.pk),
    }
    return f"{reverse('discovery:campaign-create')}?{urlencode(query)}"


def _pain_point_url(diagnosis: Diagnosis, title: str, field: Field | None) -> str:
    query = {"kind": "diagnosis", "id": str(diagnosis.pk), "title": title}
    if field:
        query["field"] = str(field.pk)
    return f"{reverse('discovery:pain-point-create')}?{urlencode(query)}"


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def diagnosis_people(request: PageRequest, diagnosis_id: int) -> HttpResponseBase:
    """Put the symptoms to several populations, without names."""
    diagnosis = _found(diagnosis_id)
    now = clock.now()
    form = AskPopulationsForm(request.POST or None, today=clock.today(now))
    url = reverse("discovery:diagnosis-show", args=(diagnosis_id,))
    if diagnosis.survey_id:
        return redirect(url)

    def act(given: dict[str, Any]) -> AuditEntry:
        return actions.ask_populations(
            actor=request.user,
            diagnosis=diagnosis,
            populations=given["populations"],
            closes_on=given["closes_on"],
            now=now,
        )

    ask = Ask(
        form=form,
        act=act,
        heading=_("Ask those who live it"),
        submit=_("Ask them"),
        done=_("They are being asked, two things a week at most."),
        cancel_url=url,
        back=lambda _entry: url,
        intro=_(
            "The same sentences, by a link of one’s own, without an account and without a name. The difference "
            "between those who lead and those who do is often the first thing worth knowing."
        ),
        template="discovery/diagnosis_people.html",
    )
    return answer(request, ask, diagnosis=diagnosis)


@require_POST
@requires(Right.PRODUCT_OPS)
def diagnosis_conclusion(request: PageRequest, diagnosis_id: int) -> HttpResponseBase:
    """End the answering and conclude."""
    diagnosis = _found(diagnosis_id)
    return do(
        request,
        lambda: actions.conclude_diagnosis(actor=request.user, diagnosis=diagnosis, now=clock.now()),
        _("The answers are in: here is what they say."),
        reverse("discovery:diagnosis-show", args=(diagnosis_id,)),
    )


@require_POST
@requires(Right.PRODUCT_OPS)
def diagnosis_archival(request: PageRequest, diagnosis_id: int) -> HttpResponseBase:
    """Put a diagnosis away."""
    diagnosis = _found(diagnosis_id)
    return do(
        request,
        lambda: actions.archive_diagnosis(actor=request.user, diagnosis=diagnosis, now=clock.now()),
        _("The diagnosis is put away."),
        reverse("discovery:diagnosis-list"),
    )
