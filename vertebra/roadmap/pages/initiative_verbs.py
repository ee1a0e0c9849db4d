"""What one does to an initiative, one address for each verb: where it stands, its word, its risks, its links."""

from collections.abc import Callable

from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vertebra.accounts.models import AuditEntry
from vertebra.accounts.permissions import PageRequest, Right, View, requires
from vertebra.kit import clock
from vertebra.org.empty_spaces import person_of
from vertebra.org.pages.frame import do, refused
from vertebra.roadmap.actions import initiatives as actions
from vertebra.roadmap.actions import particulars, placing, states, words
from vertebra.roadmap.forms.initiatives import RiskForm, WebLinkForm, WordForm
from vertebra.roadmap.labels.initiatives import RiskState
from vertebra.roadmap.models import Initiative, Involvement, Risk, WebLink
from vertebra.roadmap.pages.frame import written_in
from vertebra.roadmap.pages.initiative_forms import changeable, number_in, page_of

Act = Callable[[PageRequest, Initiative], AuditEntry]


def _verb(act: Act, done: Callable[[], str]) -> View:
    """An address that does one thing to an initiative, for whoever may change it."""

    def view(request: PageRequest, initiative_id: int) -> HttpResponseBase:
        row = changeable(request, initiative_id)
        return do(request, lambda: act(request, row), done(), page_of(row))

    return requires(Right.TAKE_PART)(require_POST(view))


plan = _verb(
    lambda request, row: states.plan_initiative(actor=request.user, initiative=row, now=clock.now()),
    lambda: _("%(name)s is planned."),
)
start = _verb(
    lambda request, row: states.start_initiative(
        actor=request.user, initiative=row, reason=str(request.POST.get("reason", ""))[:2000], now=clock.now()
    ),
    lambda: _("%(name)s is under way."),
)
pause = _verb(
    lambda request, row: states.pause_initiative(
        actor=request.user, initiative=row, reason=str(request.POST.get("reason", ""))[:2000], now=clock.now()
    ),
    lambda: _("%(name)s is paused."),
)
resumption = _verb(
    lambda request, row: states.resume_initiative(actor=request.user, initiative=row, now=clock.now()),
    lambda: _("%(name)s is under way again."),
)
delivery = _verb(
    lambda request, row: states.deliver_initiative(actor=request.user, initiative=row, now=clock.now()),
    lambda: _("%(name)s is done. Its result is awaited."),
)
reopening = _verb(
    lambda request, row: states.reopen_initiative(actor=request.user, initiative=row, now=clock.now()),
    lambda: _("%(name)s is open again."),
)
archiving = _verb(
    lambda request, row: actions.archive_initiative(actor=request.user, initiative=row, now=clock.now()),
    lambda: _("%(name)s is archived."),
)
restoration = _verb(
    lambda request, row: actions.restore_initiative(actor=request.user, initiative=row, now=clock.now()),
    lambda: _("%(name)s is back."),
)
horizon = _verb(
    lambda request, row: placing.place_initiative(
        actor=request.user, initiative=row, horizon=str(request.POST.get("horizon", "")), now=clock.now()
    ),
    lambda: _("%(name)s is moved."),
)


@require_POST
@requires(Right.TAKE_PART)
def word_create(request: PageRequest, initiative_id: int) -> HttpResponseBase:
    """Say in one line where it stands this month."""
    row = changeable(request, initiative_id)
    form = WordForm(request.POST)
    given = form.cleaned_data if form.is_valid() else {}
    return do(
        request,
        lambda: words.say_word(
            actor=request.user,
            person=person_of(request.user),
            initiative=row,
            pace=given.get("pace", ""),
            line=given.get("line", ""),
            language=written_in(),
            now=clock.now(),
        ),
        _("Said. Whoever follows it reads it."),
        f"{page_of(row)}#words",
    )


@require_POST
@requires(Right.TAKE_PART)
def risk_create(request: PageRequest, initiative_id: int) -> HttpResponseBase:
    """Say what may go wrong."""
    row = changeable(request, initiative_id)
    form = RiskForm(request.POST)
    if not form.is_valid():
        return refused(request, form, page_of(row))
    return do(
        request,
        lambda: particulars.add_risk(
            actor=request.user, initiative=row, language=written_in(), now=clock.now(), **form.cleaned_data
        ),
        _("Noted."),
        f"{page_of(row)}#risks",
    )


@require_POST
@requires(Right.TAKE_PART)
def risk_edit(request: PageRequest, initiative_id: int) -> HttpResponseBase:
    """Say how a risk stands now."""
    row = changeable(request, initiative_id)
    risk = get_object_or_404(
        Risk.objects.select_related("initiative"), pk=number_in(request, "risk"), initiative=row
    )
    state = str(request.POST.get("state", ""))
    if state not in RiskState.values:
        return HttpResponseRedirect(page_of(row))
    return do(
        request,
        lambda: particulars.change_risk(
            actor=request.user, risk=risk, changes={"state": state}, now=clock.now()
        ),
        _("Noted."),
        f"{page_of(row)}#risks",
    )


@require_POST
@requires(Right.TAKE_PART)
def link_create(request: PageRequest, initiative_id: int) -> HttpResponseBase:
    """Keep an address outside."""
    row = changeable(request, initiative_id)
    form = WebLinkForm(request.POST)
    if not form.is_valid():
        return refused(request, form, page_of(row))
    return do(
        request,
        lambda: particulars.add_web_link(
            actor=request.user, initiative=row, now=clock.now(), **form.cleaned_data
        ),
        _("The link is kept."),
        f"{page_of(row)}#around",
    )


@require_POST
@requires(Right.TAKE_PART)
def link_removal(request: PageRequest, initiative_id: int) -> HttpResponseBase:
    """Forget an address outside."""
    row = changeable(request, initiative_id)
    link = get_object_or_404(
        WebLink.objects.select_related("initiative"), pk=number_in(request, "link"), initiative=row
    )
    return do(
        request,
        lambda: particulars.remove_web_link(actor=request.user, web_link=link, now=clock.now()),
        _("The link is gone."),
        f"{page_of(row)}#around",
    )


@require_POST
@requires(Right.TAKE_PART)
def involvement_removal(request: PageRequest, initiative_id: int) -> HttpResponseBase:
    """Say that somebody or something has no part in it any more."""
    row = changeable(request, initiative_id)
    involvement = get_object_or_404(
        Involvement.objects.select_related("initiative"), pk=number_in(request, "involvement"), initiative=row
    )
    return do(
        request,
        lambda: actions.no_longer_involve(actor=request.user, involvement=involvement, now=clock.now()),
        _("%(name)s is changed."),
        page_of(row),
    )
