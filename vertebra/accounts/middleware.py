"""The signed-in person's language and time zone, for the time of a request; what they see is theirs alone."""

import zoneinfo
from collections.abc import Callable
from contextlib import suppress

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control

from vertebra.accounts.models import User


class Preferences:
    """Speaks the person's language, shows times in their zone, keeps shared caches from keeping what they see."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if isinstance(user, User):
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
            if user.time_zone:
                with suppress(zoneinfo.ZoneInfoNotFoundError, ValueError):
                    timezone.activate(zoneinfo.ZoneInfo(user.time_zone))
        try:
            response = self.get_response(request)
            if isinstance(user, User) and "no-store" not in response.get("Cache-Control", ""):
                patch_cache_control(response, private=True)
            return response
        finally:
            timezone.deactivate()
