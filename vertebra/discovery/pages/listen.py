"""What the pages of listening share: their tabs, and the campaign they speak of."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from vertebra.accounts.permissions import PageRequest, Right, View, requires
from vertebra.discovery.queries.hearing import campaigns_open_to


def listen_tabs(current: str) -> list[dict[str, object]]:
    """The pages by which Product Ops listens, with the one shown now marked."""
    places = (
        ("campaigns", _("Campaigns"), "discovery:campaign-list"),
        ("interviews", _("Interviews"), "discovery:interview-list"),
        ("coverage", _("Who was heard"), "discovery:coverage"),
        ("guides", _("Guides"), "discovery:guide-list"),
        ("pulses", _("Pulses"), "evidence:pulse-list"),
    )
    found: list[dict[str, object]] = []
    for key, label, name in places:
        try:
            found.append({"label": label, "url": reverse(name), "is_current": key == current})
        except NoReverseMatch:  # a page that this version does not have
            continue
    return found


def of_campaign(view: Callable[..., HttpResponseBase]) -> View:
    """A page of one campaign, for those who may open it."""

    @wraps(view)
    def opened(request: PageRequest, campaign_id: int, **kwargs: Any) -> HttpResponseBase:
        found = campaigns_open_to(request.user).select_related("guide", "owner")
        return view(request, get_object_or_404(found, pk=campaign_id), **kwargs)

    return requires(Right.PRODUCT_OPS)(opened)


def chosen_ids(values: list[str]) -> list[int]:
    """The rows that somebody ticked, without what is no number."""
    return [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 18][:500]
