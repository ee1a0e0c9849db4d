"""Where what the demo writes leads to: the addresses of pages without those of the API, which take long to load."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from django.apps import apps
from django.urls import get_urlconf, path, set_urlconf

urlpatterns = [
    path("", (f"{config.name}.urls", config.label, config.label))
    for config in apps.get_app_configs()
    if config.name.startswith("vertebra.") and find_spec(f"{config.name}.urls")
]


@contextmanager
def of_pages() -> Iterator[None]:
    """Look addresses up here for as long as the block."""
    before = get_urlconf()
    set_urlconf(__name__)
    try:
        yield
    finally:
        set_urlconf(before)
