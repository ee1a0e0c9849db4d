"""What an answer tells browsers, caches and search engines to do with it, beyond what settings say for all."""

from typing import TypeVar

from django.http import HttpResponseBase
from django.utils.cache import add_never_cache_headers

Answer = TypeVar("Answer", bound=HttpResponseBase)


def private(response: Answer) -> Answer:
    """An answer whose address is its key: kept by nobody, told to no other site, found by no search engine."""
    add_never_cache_headers(response)
    # Our own forms must still say where they come from: `no-referrer` would hide that too.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
