"""What Product Ops does with a pain point, one address for each."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import AuditEntry
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.discovery.actions import pain_states as states
from vertebra.discovery.actions import re_asks
from vertebra.discovery.actions.pain_points import untie_evidence
from vertebra.discovery.forms.pain_points import FactsForm, GroupForm, ParentForm
from vertebra.discovery.models import Evidence, PainPoint, ReAsk
from vertebra.discovery.queries.hurting import Group, groups_of
from vertebra.discovery.queries.pain_points import current
from vertebra.kit import clock
from vertebra.org.pages.frame import do
from vertebra.org.queries.structure import Structure

Act = Callable[[PageRequest, PainPoint], AuditEntry]
Page = Callable[..., HttpResponse]


def verb(words: Callable[[], str], part: str = "") -> Callable[[Act], Page]:
    """An address that does one thing to a pain point, says so with an undo, and comes back to its page."""

    def declare(act: Act) -> Page:
        @wraps(act)
        def page(request: PageRequest, pain_point_id: int) -> HttpResponse:
            row = get_object_or_404(current(), pk=pain_point_id)
            back = reverse("discovery:pain-point-show", args=[row.pk]) + part
            return do(request, lambda: act(request, row), words(), back)

        return requires(Right.PRODUCT_OPS)(require_POST(page))  # type: ignore[return-value]

    return declare


@verb(lambda: _("Confirmed. Those it hurts are asked what it costs them."))
def confirm(request: PageRequest, row: PainPoint) -> AuditEntry:
    """Say that it hurts."""
    return states.confirm_pain_points(actor=request.user, pain_points=[row], now=clock.now())


@verb(lambda: _("Settled. Those it hurts will say whether that is so, now and in six months."))
def settle(request: PageRequest, row: PainPoint) -> AuditEntry:
    """Say that it hurts no more."""
    reason = str(request.POST.get("reason", ""))[:2000]
    return states.settle_pain_points(actor=request.user, pain_points=[row], reason=reason, now=clock.now())


@verb(lambda: _("Dismissed. It comes back by itself when it is heard of again."))
def dismiss(request: PageRequest, row: PainPoint) -> AuditEntry:
    """Say why nothing is done about it."""
    reason = str(request.POST.get("reason", ""))[:2000]
    return states.dismiss_pain_points(actor=request.user, pain_points=[row], reason=reason, now=clock.now())


@verb(lambda: _("It is worked on again."))
def reopen(request: PageRequest, row: PainPoint) -> AuditEntry:
    """Say that it hurts after all."""
    return states.reopen_pain_points(actor=request.user, pain_points=[row], now=clock.now())


@verb(lambda: _("Put to the directors."))
def put(request: PageRequest, row: PainPoint) -> AuditEntry:
    """Make it ready for the directors."""
    return states.put_to_directors(actor=request.user, pain_points=[row], now=clock.now())


@verb(lambda: _("Taken back from what is ready for the directors."))
def take_back(request: PageRequest, row: PainPoint) -> AuditEntry:
    """Take it back from the directors' list."""
    return states.take_from_directors(actor=request.user, pain_points=[row], now=clock.now())


@verb(lambda: _("Saved."))
def edit(request: PageRequest, row: PainPoint) -> AuditEntry:
    """Say it more clearly: whatever of its facts was sent."""
    form = FactsForm(request.POST)
    if not form.is_valid():
        raise Refusal(" ".join(str(error) for errors in form.errors.values() for error in errors))
    values = form.given()
    return states.edit_pain_point(actor=request.user, pain_point=row, now=clock.now(), **values)


@verb(lambda: _("Moved."), "#tree")
def move(request: PageRequest, row: PainPoint) -> AuditEntry:
    """Say what it is part of."""
    form = ParentForm(request.POST)
    if not form.is_valid():
        raise Refusal(" ".join(str(error) for error in form.errors["parent"]))
    parent = form.cleaned_data["parent"]
    return states.move_pain_point(actor=request.user, pain_point=row, parent=parent, now=clock.now())


@verb(lambda: _("Whom it hurts was changed: they are the ones who will be asked."), "#hurts")
def add_group(request: PageRequest, row: PainPoint) -> AuditEntry:
    """Say that it hurts one more group."""
    form = GroupForm(request.POST, structure=Structure.as_of(clock.today(), with_members=False))
    if not form.is_valid():
        raise Refusal(" ".join(str(error) for errors in form.errors.values() for error in errors))
    new = Group(form.cleaned_data["function"], form.cleaned_data["unit"])
    groups = [*groups_of(row.groups.order_by("pk")), new]
    return states.say_whom_it_hurts(actor=request.user, pain_point=row, groups=groups, now=clock.now())


@verb(lambda: _("Whom it hurts was changed: they are the ones who will be asked."), "#hurts")
def remove_group(request: PageRequest, row: PainPoint) -> AuditEntry:
    """Say that it does not hurt a group after all; without any left, it follows from what was heard again."""
    gone = str(request.POST.get("group", ""))
    groups = groups_of(group for group in row.groups.order_by("pk") if str(group.pk) != gone)
    return states.say_whom_it_hurts(actor=request.user, pain_point=row, groups=groups, now=clock.now())


@verb(lambda: _("Whom it hurts follows from what was heard again."), "#hurts")
def follow_heard(request: PageRequest, row: PainPoint) -> AuditEntry:
    """Take for those it hurts what the evidence says."""
    return states.say_whom_it_hurts(actor=request.user, pain_point=row, groups=[], now=clock.now())


@verb(lambda: _("Asked: the answers are read in two weeks."), "#cost")
def ask_now(request: PageRequest, row: PainPoint) -> AuditEntry:
    """Ask what it costs without waiting for the day."""
    return re_asks.ask_now(actor=request.user, pain_point=row, now=clock.now())


@verb(lambda: _("The question is worded so."), "#cost")
def word_question(request: PageRequest, row: PainPoint) -> AuditEntry:
    """Word the question, before it is asked for the first time."""
    question = str(request.POST.get("question", ""))[:300]
    return re_asks.change_question(actor=request.user, pain_point=row, question=question, now=clock.now())


@require_POST
@requires(Right.PRODUCT_OPS)
def skip_asking(request: PageRequest, re_ask_id: int) -> HttpResponse:
    """Do not ask this time, and say why."""
    re_ask = get_object_or_404(ReAsk.objects.filter(pain_point__archived_at__isnull=True), pk=re_ask_id)
    reason = str(request.POST.get("reason", ""))[:500]
    return do(
        request,
        lambda: re_asks.skip_re_ask(actor=request.user, re_ask=re_ask, reason=reason, now=clock.now()),
        _("Not asked this time."),
        reverse("discovery:pain-point-show", args=[re_ask.pain_point_id]) + "#cost",
    )


@require_POST
@requires(Right.PRODUCT_OPS)
def untie(request: PageRequest, evidence_id: int) -> HttpResponse:
    """Say that something does not show this pain point after all."""
    found = Evidence.objects.filter(ended_at__isnull=True, pain_point__archived_at__isnull=True)
    evidence = get_object_or_404(found.select_related("pain_point"), pk=evidence_id)
    return do(
        request,
        lambda: untie_evidence(actor=request.user, evidence=evidence, now=clock.now()),
        _("Untied: it counts no more for this pain point."),
        reverse("discovery:pain-point-voices", args=[evidence.pain_point_id]),
    )
