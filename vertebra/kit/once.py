"""A form sent twice (two presses, a reload) is carried out once: the second is led where the first went."""

import re
import time
from collections.abc import Callable

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

FIELD = "once"
KEPT_SECONDS = 24 * 3600
WAIT_SECONDS = 5.0
_WORD = re.compile(r"[\w-]{16,64}")


class SentOnce:
    """Recognises a form by the word that its page gave it; a form that came back with errors may be sent again."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "POST" or request.content_type != "application/x-www-form-urlencoded":
            return self.get_response(request)
        word = request.POST.get(FIELD, "")
        if not _WORD.fullmatch(word):
            return self.get_response(request)
        key = f"once:{request.user.pk}:{word}"
        if not cache.add(key, "", KEPT_SECONDS):
            return HttpResponseRedirect(_where(key) or request.path)
        response = self.get_response(request)
        if response.status_code in {302, 303}:
            cache.set(key, response["Location"], KEPT_SECONDS)
        elif getattr(response, "is_carried_out", False):
            cache.set(key, request.path, KEPT_SECONDS)
        else:
            cache.delete(key)
        return response


def _where(key: str) -> str:
    """Where the first one went, waited for while it is still being carried out."""
    until = time.monotonic() + WAIT_SECONDS
    while not (found := cache.get(key)) and time.monotonic() < until:
        time.sleep(0.1)
    return str(found or "")
