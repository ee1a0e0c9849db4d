"""Reviews: the list, one of them with what was used, what people say, what is decided, what came back."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.accounts.together import discussion
from vertebra.analysis.spread import TOGETHER
from vertebra.discovery.queries.pain_points import open_to as pain_points_open_to
from vertebra.evidence.labels import SurveyState
from vertebra.evidence.models import Survey
from vertebra.evidence.queries.results import results_of
from vertebra.evidence.sets import review as questions_of
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf
from vertebra.org.empty_spaces import person_of
from vertebra.org.pages.frame import Ask, answer, base
from vertebra.reviews.actions import reviews as actions
from vertebra.reviews.forms import DecisionForm, FindingForm, SkipForm
from vertebra.reviews.labels import (
    FIGURES,
    IN_STEPS,
    OPEN,
    REVIEW_TONES,
    VERDICT_TONES,
    ReviewState,
    Verdict,
)
from vertebra.reviews.models import Finding, Review
from vertebra.reviews.queries.practices import may_validate
from vertebra.reviews.queries.reviews import may_lead, running, under_way, with_before
from vertebra.reviews.queries.usage import compared

FORM_PAGE = "reviews/form.html"


@require_GET
@requires(Right.READ)
def review_list(request: PageRequest) -> HttpResponseBase:
    """List what was looked back at, the latest first."""
    listing = _list().read(request, Review.objects.select_related("lead"))
    if listing.export:
        return listing.export
    for row in listing.rows:
        row.tone, row.verdict_tone = REVIEW_TONES[row.state], VERDICT_TONES.get(row.verdict, "neutral")
    states = list(Review.objects.order_by().values_list("state", flat=True))
    context = {
        "listing": listing,
        "review_base": base("reviews:review-show"),
        "all": len(states),
        "to_decide": states.count(ReviewState.TO_DECIDE),
        "asking": states.count(ReviewState.ASKING),
        "next": running().exclude(pk__in=under_way()).order_by("next_on", "pk").first(),
        "is_ops": may(request.user, Right.PRODUCT_OPS),
    }
    return render(request, "reviews/review_list.html", context)


def _list() -> ListOf:
    return ListOf(
        page="reviews",
        file_name="reviews",
        columns=[
            Column("title", gettext_lazy("What was looked back at"), lambda row: row.title, sort="title"),
            Column("state", gettext_lazy("State"), lambda row: row.get_state_display(), sort="state"),
            Column("on", pgettext_lazy("a review", "Day"), lambda row: row.frozen_on, sort="frozen_on"),
            Column("verdict", gettext_lazy("Decision"), lambda row: row.get_verdict_display() if row.verdict else ""),
            Column("lead", pgettext_lazy("a moment", "Led by"), lambda row: row.lead.name if row.lead else ""),
        ],
        filters=[
            Filter("state", gettext_lazy("State"), lambda rows, value: rows.filter(state=value), lambda: ReviewState.choices),
            Filter(
                "verdict", gettext_lazy("Decision"), lambda rows, value: rows.filter(verdict=value), lambda: Verdict.choices
            ),
        ],
        search=lambda rows, text: rows.filter(title__icontains=text),
        sort="-on",
    )  # fmt: skip


def _found(review_id: int) -> Review:
    return get_object_or_404(_rows(), pk=review_id)


def _rows() -> "QuerySet[Review]":
    return Review.objects.select_related("cadence", "survey", "lead", "decided_by")


def _with_before(review_id: int) -> tuple[Review, Review | None]:
    """The review, and the one of the same thing before, read together."""
    before = with_before(Review.objects.filter(pk=review_id)).values("before_id")
    found = {row.pk: row for row in _rows().filter(Q(pk=review_id) | Q(pk__in=before))}
    row = found.pop(review_id, None)
    if row is None:
        raise Http404
    return row, next(iter(found.values()), None)


@require_GET
@requires(Right.READ)
def review_page(request: PageRequest, review_id: int) -> HttpResponseBase:
    """Show a review: the figures of its day, the answers of groups of five or more, the decision, what was found."""
    row, before = _with_before(review_id)
    now = clock.now()
    can_lead = _may_decide(request.user, row)
    findings = list(Finding.objects.filter(review__in=[row, before or row]))
    known = pain_points_open_to(request.user).filter(pk__in=[one.pain_point_id for one in findings])
    points = known.in_bulk() if findings else {}
    shown = [{"row": one, "point": points.get(one.pain_point_id or 0)} for one in findings]
    context = {
        "row": row,
        "tone": REVIEW_TONES[row.state],
        "verdict_tone": VERDICT_TONES.get(row.verdict, "neutral"),
        "is_asking": row.state == ReviewState.ASKING,
        "is_open": row.state in OPEN,
        "figures": _figures(row, before, has_hours=may(request.user, Right.PRODUCT_OPS)),
        "before": before,
        "answers": _answers(row.survey) if row.survey else None,
        "findings": [one for one in shown if one["row"].review_id == row.pk],  # type: ignore[union-attr]
        "found_before": [one for one in shown if one["row"].review_id != row.pk],  # type: ignore[union-attr]
        "can_decide": can_lead and row.state == ReviewState.TO_DECIDE,
        "can_find": can_lead and row.state in {ReviewState.TO_DECIDE, ReviewState.DECIDED},
        "discussion": discussion(request.user, Kind.REVIEW, row.pk, now),
    }
    return render(request, "reviews/review.html", context)


def _figures(row: Review, before: Review | None, *, has_hours: bool) -> list[dict[str, Any]]:
    rows = compared(row.figures, before.figures if before else {})
    return [
        {
            "label": FIGURES.get(code, code),
            "value": value,
            "before": earlier,
            "is_stepped": code in IN_STEPS,
        }
        for code, value, earlier in rows
        if has_hours or code != "hours"
    ]


def _answers(survey: Survey) -> dict[str, Any] | None:
    """What everybody who answered says together; nothing before the survey is closed, nor of fewer than five."""
    if survey.state != SurveyState.CLOSED or survey.archived_at:
        return None
    whole = results_of(survey).whole
    told = whole.figure("verdict")
    counts = {code: count for code, count in (told.counts or {}).items() if count}
    verdicts = [
        (Verdict(code).label, count, _percent(count, told.answered))
        for code in Verdict.values
        if (count := counts.get(code))
    ]
    others = counts.get(TOGETHER)
    texts = {code: text for code, _kind, text, *_rest in questions_of((get_language() or "fr")[:2])}
    return {
        "invited": whole.invited,
        "answered": whole.answered,
        "scales": [
            (_("It is of use where I work."), whole.figure("used")),
            (_("What it brings is worth the time it takes."), whole.figure("worth")),
        ],
        "question": texts["verdict"],
        "verdicts": verdicts,
        "others": others,
        "others_percent": _percent(others or 0, told.answered),
    }


def _percent(count: int, answered: int | None) -> int:
    return round(100 * count / answered) if answered else 0


def _led(request: PageRequest, review_id: int) -> Review:
    row = _found(review_id)
    if not _may_decide(request.user, row):
        raise PermissionDenied
    return row


def _may_decide(user: User, row: Review) -> bool:
    """Whether somebody may decide: whoever leads it, Product Ops, and who may validate the practice it looks back at."""
    return may_lead(user, row.lead_id) or may_validate(user, row.cadence, clock.today())


def _page_of(row: Review) -> str:
    return reverse("reviews:review-show", args=(row.pk,))


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def decision(request: PageRequest, review_id: int) -> HttpResponseBase:
    """Decide what becomes of it."""
    row = _led(request, review_id)
    ask = Ask(
        form=DecisionForm(request.POST or None),
        act=lambda given: actions.decide_review(
            actor=request.user, review=row, person=person_of(request.user), now=clock.now(), **given
        ),
        heading=_("Keep, lighten, change or retire"),
        submit=_("Decide"),
        done=_("Decided. Those who were asked are told, with the reason."),
        cancel_url=_page_of(row),
        back=lambda _entry: _page_of(row),
        template=FORM_PAGE,
    )
    return answer(request, ask, row=row)


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def skipping(request: PageRequest, review_id: int) -> HttpResponseBase:
    """Let a review be this time."""
    row = _led(request, review_id)
    ask = Ask(
        form=SkipForm(request.POST or None),
        act=lambda given: actions.skip_review(
            actor=request.user, review=row, reason=given["reason"], now=clock.now()
        ),
        heading=_("Let it be this time"),
        submit=_("Let it be"),
        done=_("%(name)s is let be; it comes back on its next day."),
        cancel_url=_page_of(row),
        back=lambda _entry: _page_of(row),
        template=FORM_PAGE,
    )
    return answer(request, ask, row=row)


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def finding_create(request: PageRequest, review_id: int) -> HttpResponseBase:
    """Note what was found: it comes back as evidence of a pain point."""
    row = _led(request, review_id)
    ask = Ask(
        form=FindingForm(request.POST or None, user=request.user),
        act=lambda given: actions.add_finding(actor=request.user, review=row, now=clock.now(), **given),
        heading=_("What was found?"),
        submit=_("Note it"),
        done=_("Noted: it is evidence of a pain point from now on."),
        cancel_url=_page_of(row),
        back=lambda _entry: f"{_page_of(row)}#findings",
        intro=_(
            "Nothing that was observed before is edited: what a review finds is one more thing that shows it."
        ),
        template=FORM_PAGE,
    )
    return answer(request, ask, row=row)
