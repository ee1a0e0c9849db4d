"""Forms of releases: one noted in a second, any other, changing one, its day, its end, for whom it is, what it answers."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from vertebra.accounts.audit import Refusal
from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.kit import clock
from vertebra.org.empty_spaces import person_of
from vertebra.org.forms.together import remember_shown
from vertebra.org.pages.frame import Ask, answer
from vertebra.org.queries.care import Areas
from vertebra.releases.actions import releases as actions
from vertebra.releases.actions import states
from vertebra.releases.actions.tiers import ensure_tiers
from vertebra.releases.forms.releases import (
    AudiencesForm,
    MoveForm,
    QuickForm,
    ReleasedForm,
    ReleaseForm,
    WithdrawalForm,
)
from vertebra.releases.labels.releases import ReleaseState
from vertebra.releases.models import Tier
from vertebra.releases.pages.frame import FORM_PAGE, changeable, creation, page_of, written_in


@require_POST
@requires(Right.EDIT_ORGANISATION)
def release_note(request: PageRequest) -> HttpResponseBase:
    """Note a release by its title alone."""
    form = QuickForm(request.POST)
    if not form.is_valid():
        return redirect(reverse("releases:release-create"))
    row = actions.create_release(
        actor=request.user, language=written_in(), lead=person_of(request.user), now=clock.now(), **form.cleaned_data
    )  # fmt: skip
    return redirect(page_of(row))


@require_http_methods(["GET", "POST"])
@requires(Right.EDIT_ORGANISATION)
def release_create(request: PageRequest) -> HttpResponseBase:
    """Write down something that comes out."""
    now = clock.now()
    ensure_tiers(actor=None, now=now)
    initial = {
        "language": written_in(),
        "lead": person_of(request.user),
        "tier": request.GET.get("tier") or Tier.objects.filter(is_default=True).first(),
        **{name: request.GET.get(name, "")[:200] for name in ("title", "area", "planned_on")},
    }
    form = ReleaseForm(request.POST or None, areas=Areas.as_of(clock.today(now)), initial=initial)

    def create(given: dict[str, Any]) -> str:
        return page_of(actions.create_release(actor=request.user, now=now, **given))

    return creation(
        request,
        form,
        create,
        heading=_("Something that comes out"),
        submit_label=_("Write it down"),
        intro=_(
            "A title is enough. The tier says what else is needed: its briefs are pre-filled from your text, and "
            "proposed to the Product Champions of the area."
        ),
        cancel_url=reverse("releases:release-list"),
        draft="release",
    )


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def release_edit(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Change a release: everything in a form, or the one thing that was edited in place."""
    now = clock.now()
    row = changeable(request, release_id)
    names = ("title", "version", "summary", "body", "tier", "lead", "web_address", "language", "released_on")
    initial = {name: getattr(row, name) for name in names}
    initial |= {"area": row.area_id, "markets": [one.market_id for one in row.markets.all()]}
    form = ReleaseForm(
        request.POST or None,
        areas=Areas.as_of(clock.today(now)),
        is_new=False,
        is_out=row.state == ReleaseState.RELEASED,
        initial=initial,
    )
    remember_shown(form)
    if form.is_bound and "whole" not in request.POST:
        form.keep_given()
    ask = Ask(
        form=form,
        act=lambda given: actions.change_release(actor=request.user, release=row, changes=given, now=now),
        heading=_("Change the release"),
        submit=_("Save"),
        done=_("%(name)s is changed."),
        cancel_url=page_of(row),
        back=lambda _entry: page_of(row),
        template=FORM_PAGE,
    )
    return answer(request, ask, row=row, is_whole=True)


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def move(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Plan a release for another day."""
    now = clock.now()
    row = changeable(request, release_id)
    ask = Ask(
        form=MoveForm(request.POST or None, initial={"planned_on": row.planned_on}),
        act=lambda given: states.move_release(actor=request.user, release=row, now=now, **given),
        heading=_("Move its day"),
        submit=pgettext("a release", "Move it"),
        done=_("%(name)s has another day. Whoever follows it reads it."),
        cancel_url=page_of(row),
        back=lambda _entry: page_of(row),
        intro=_("Briefs that are not ready yet are due as many days before as they were."),
        template=FORM_PAGE,
    )
    return answer(request, ask, row=row)


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def released(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Say that it is out: one button where nothing is missing, a reason where something is."""
    now = clock.now()
    row = changeable(request, release_id)
    if request.method == "POST" and "on" not in request.POST:
        return _at_once(request, release_id)
    ask = Ask(
        form=ReleasedForm(request.POST or None, initial={"on": clock.today(now)}),
        act=lambda given: states.release_it(
            actor=request.user, release=row, person=person_of(request.user), now=now, **given
        ),
        heading=_("It is out"),
        submit=_("Say that it is out"),
        done=_("%(name)s is out."),
        cancel_url=page_of(row),
        back=lambda _entry: page_of(row),
        template=FORM_PAGE,
    )
    return answer(request, ask, row=row)


def _at_once(request: PageRequest, release_id: int) -> HttpResponse:
    row = changeable(request, release_id)
    try:
        states.release_it(actor=request.user, release=row, now=clock.now())
    except Refusal:
        # The form says what is missing, and takes the reason.
        return HttpResponseRedirect(reverse("releases:release-released", args=(row.pk,)))
    return HttpResponseRedirect(page_of(row))


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def withdrawal(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Withdraw a release."""
    row = changeable(request, release_id)
    ask = Ask(
        form=WithdrawalForm(request.POST or None),
        act=lambda given: states.withdraw_release(
            actor=request.user, release=row, reason=given["reason"], now=clock.now()
        ),
        heading=_("Withdraw it"),
        submit=_("Withdraw it"),
        done=_("%(name)s is withdrawn. What was still being sent has stopped."),
        cancel_url=page_of(row),
        back=lambda _entry: page_of(row),
        template=FORM_PAGE,
    )
    return answer(request, ask, row=row)


@require_http_methods(["GET", "POST"])
@requires(Right.TAKE_PART)
def audiences(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Say for whom a release is."""
    row = changeable(request, release_id)
    held = list(row.audiences.values_list("audience_id", flat=True))
    ask = Ask(
        form=AudiencesForm(request.POST or None, initial={"audiences": held}),
        act=lambda given: actions.choose_audiences(
            actor=request.user, release=row, audiences=list(given["audiences"]), now=clock.now()
        ),
        heading=_("For whom is it?"),
        submit=_("Save"),
        done=_("%(name)s has its audience."),
        cancel_url=page_of(row),
        back=lambda _entry: reverse("releases:release-reach", args=(row.pk,)),
        intro=_("You see whom it reaches and whom it misses next, before anything is sent."),
        template=FORM_PAGE,
    )
    return answer(request, ask, row=row)
