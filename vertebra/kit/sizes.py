"""Bodies too large are refused before anything reads them; only the pages that take files take large ones."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from vertebra.kit.api import too_large

API = "/api/"
TAKE_FILES = ("/imports/", "/discovery/transcripts/of/")
# What a form's separators and field names add to the files themselves.
SLACK = 1024 * 1024


class BodySize:
    """Answers 413 to a body larger than the address takes, or of a length that is no number."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        told = request.META.get("CONTENT_LENGTH") or "0"
        takes_files = request.path.startswith(TAKE_FILES)
        limit = settings.MAX_UPLOAD_BYTES if takes_files else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if not (told.isascii() and told.isdigit() and len(told) < 16) or int(told) > limit + SLACK:
            return too_large() if request.path.startswith(API) else render(request, "413.html", status=413)
        return self.get_response(request)
