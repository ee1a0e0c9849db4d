"""Tiers of releases: what each requires."""

from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from vertebra.accounts.permissions import PageRequest, Right, may, requires
from vertebra.kit import clock
from vertebra.org.labels import Function
from vertebra.org.pages.frame import Ask, answer, do
from vertebra.releases.actions import tiers as actions
from vertebra.releases.forms.releases import TierForm
from vertebra.releases.labels.briefs import Trade
from vertebra.releases.labels.releases import ValidationPart
from vertebra.releases.models import Tier
from vertebra.releases.pages.frame import FORM_PAGE

FIELDS = (
    "name", "description", "trades", "languages", "validations", "readiness", "has_go", "has_lesson", "has_check",
    "days_before",
)  # fmt: skip


def _page() -> str:
    return reverse("releases:tier-list")


@require_GET
@requires(Right.READ)
def tier_list(request: PageRequest) -> HttpResponseBase:
    """Show what each tier requires."""
    actions.ensure_tiers(actor=None, now=clock.now())
    rows = Tier.objects.filter(archived_at=None)
    context = {
        "tiers": [_shown(tier) for tier in rows],
        "may_change": may(request.user, Right.PRODUCT_OPS),
    }
    return render(request, "releases/tier_list.html", context)


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def tier_create(request: PageRequest) -> HttpResponseBase:
    """Make a tier of one's own."""
    form = TierForm(request.POST or None)
    form.fields["name"].required = True

    ask = Ask(
        form=form,
        act=lambda given: actions.create_tier(
            actor=request.user, name=given["name"], values=given, now=clock.now()
        ),
        heading=_("A tier of your own"),
        submit=_("Make it"),
        done=_("%(name)s can be chosen."),
        cancel_url=_page(),
        back=lambda _entry: _page(),
        template=FORM_PAGE,
    )
    return answer(request, ask)


@require_http_methods(["GET", "POST"])
@requires(Right.PRODUCT_OPS)
def tier_edit(request: PageRequest, tier_id: int) -> HttpResponseBase:
    """Say what a tier requires from now on."""
    tier = get_object_or_404(Tier, pk=tier_id, archived_at=None)
    ask = Ask(
        form=TierForm(request.POST or None, initial={name: getattr(tier, name) for name in FIELDS}),
        act=lambda given: actions.change_tier(actor=request.user, tier=tier, changes=given, now=clock.now()),
        heading=_("What “%(tier)s” requires") % {"tier": str(tier)},
        submit=_("Save"),
        done=_("%(name)s is changed."),
        cancel_url=_page(),
        back=lambda _entry: _page(),
        intro=_("It holds for what is still to come. What is out already owes nothing more."),
        template=FORM_PAGE,
    )
    return answer(request, ask)


@require_POST
@requires(Right.PRODUCT_OPS)
def tier_archiving(request: PageRequest, tier_id: int) -> HttpResponseBase:
    """Offer a tier no more."""
    tier = get_object_or_404(Tier, pk=tier_id)
    return do(
        request,
        lambda: actions.archive_tier(actor=request.user, tier=tier, now=clock.now()),
        _("%(name)s is offered no more."),
        _page(),
    )


def _shown(tier: Tier) -> dict[str, Any]:
    """A tier in words."""
    return {
        "row": tier,
        "trades": _words(Trade, tier.trades),
        "validations": _words(ValidationPart, tier.validations),
        "readiness": _words(Function, tier.readiness),
    }


def _words(labels: Any, codes: list[str]) -> str:
    return ", ".join(str(labels(code).label) for code in labels.values if code in codes)
