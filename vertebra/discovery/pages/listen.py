"""What the pages of listening share: the campaign they speak of, the rows somebody ticked."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404

from vertebra.accounts.permissions import PageRequest, Right, View, requires
from vertebra.discovery.queries.hearing import campaigns_open_to


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
