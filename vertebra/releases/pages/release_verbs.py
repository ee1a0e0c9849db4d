"""What one does to a release, one address for each verb."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from vertebra.accounts.models import AuditEntry
from vertebra.accounts.permissions import PageRequest, Right, View, requires
from vertebra.accounts.together import card_of
from vertebra.kit import clock
from vertebra.org.empty_spaces import person_of
from vertebra.org.pages.frame import do, refused
from vertebra.releases.actions import gates, releases, states
from vertebra.releases.forms.releases import GoForm, ReadyForm, ValidationForm
from vertebra.releases.models import Release
from vertebra.releases.pages.frame import changeable, found, number_in, page_of
from vertebra.releases.queries.rights import Roles, may_change

Act = Callable[[PageRequest, Release], AuditEntry]


def _verb(act: Act, done: Callable[[], str]) -> View:
    """An address that does one thing to a release, for whoever may change it."""

    def view(request: PageRequest, release_id: int) -> HttpResponseBase:
        row = changeable(request, release_id)
        return do(request, lambda: act(request, row), done(), page_of(row))

    return requires(Right.TAKE_PART)(require_POST(view))


checking = _verb(
    lambda request, row: states.check_release(actor=request.user, release=row, now=clock.now()),
    lambda: _("%(name)s is being checked: whoever has to agree or to be ready sees it."),
)
planning = _verb(
    lambda request, row: states.put_back(actor=request.user, release=row, now=clock.now()),
    lambda: _("%(name)s is planned again."),
)
archiving = _verb(
    lambda request, row: releases.archive_release(actor=request.user, release=row, now=clock.now()),
    lambda: _("%(name)s is archived."),
)
restoration = _verb(
    lambda request, row: releases.restore_release(actor=request.user, release=row, now=clock.now()),
    lambda: _("%(name)s is back."),
)


def _checks_of(row: Release) -> str:
    return reverse("releases:release-checks", args=(row.pk,))


@require_POST
@requires(Right.TAKE_PART)
def validation_create(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Agree to a release, or say what keeps one from it."""
    row = found(release_id)
    form = ValidationForm(request.POST)
    if not form.is_valid():
        return refused(request, form, page_of(row))
    given = form.cleaned_data
    if given["part"] not in Roles(request.user, clock.today()).parts(row.lead_id):
        raise PermissionDenied
    return do(
        request,
        lambda: gates.validate_release(
            actor=request.user, release=row, person=person_of(request.user), now=clock.now(), **given
        ),
        _("Said. It stays under your name."),
        _checks_of(row),
    )


@require_POST
@requires(Right.TAKE_PART)
def readiness_create(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Say whether a function is ready."""
    row = found(release_id)
    form = ReadyForm(request.POST)
    if not form.is_valid():
        return refused(request, form, page_of(row))
    given = form.cleaned_data
    answers_for = given["function"] in Roles(request.user, clock.today()).functions()
    if not (answers_for or may_change(request.user, row)):
        raise PermissionDenied
    return do(
        request,
        lambda: gates.say_ready(
            actor=request.user, release=row, person=person_of(request.user), now=clock.now(), **given
        ),
        _("Said. It stays under your name."),
        _checks_of(row),
    )


@require_POST
@requires(Right.TAKE_PART)
def go_create(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Record the go, or the no-go."""
    row = changeable(request, release_id)
    form = GoForm(request.POST)
    if not form.is_valid():
        return refused(request, form, page_of(row))
    return do(
        request,
        lambda: gates.decide_go(
            actor=request.user,
            release=row,
            person=person_of(request.user),
            now=clock.now(),
            **form.cleaned_data,
        ),
        _("The decision on %(name)s is recorded, with what was known."),
        _checks_of(row),
    )


@require_POST
@requires(Right.TAKE_PART)
def tie_create(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Say what a release answers or carries out."""
    row = changeable(request, release_id)
    kind, number = str(request.POST.get("kind", "")), number_in(request, "number")
    if not number or card_of(request.user, kind, number) is None:
        messages.error(request, _("There is nothing of that kind and number that you may open."))
        return HttpResponseRedirect(page_of(row))
    return do(
        request,
        lambda: releases.tie_release(actor=request.user, release=row, other=(kind, number), now=clock.now()),
        _("%(name)s says what it answers. Those who raised it are told when it is out."),
        page_of(row),
    )


@require_POST
@requires(Right.TAKE_PART)
def tie_removal(request: PageRequest, release_id: int) -> HttpResponseBase:
    """Say that a release does not answer it after all."""
    row = changeable(request, release_id)
    other = (str(request.POST.get("kind", "")), number_in(request, "number"))
    return do(
        request,
        lambda: releases.untie_release(actor=request.user, release=row, other=other, now=clock.now()),
        _("%(name)s is changed."),
        page_of(row),
    )
