"""Rate limits at the pages' doors."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from vertebra.accounts import rate_limits
from vertebra.accounts.permissions import View


def who_asks(request: HttpRequest) -> str:
    """The person who asks, or the network address of a visitor, seen through the proxy if there is one."""
    if request.user.is_authenticated:
        return f"user {request.user.pk}"
    return str(get_adapter(request).get_client_ip(request))


def too_often(request: HttpRequest) -> HttpResponse:
    """Say that it was tried too often, and when to try again."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = "60"
    return response


def limited(action: str) -> Callable[[View], View]:
    """Count each POST to this page as one try of the action."""

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method == "POST" and not rate_limits.is_allowed(action, who_asks(request)):
                return too_often(request)
            return view(request, *args, **kwargs)

        return counted

    return decorate
