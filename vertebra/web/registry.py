"""Loading the dotted paths of settings by which modules speak to the front desk."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


@cache
def entries(name: str) -> tuple[Callable[..., Any], ...]:
    """The functions that the list of that name in settings points to."""
    return tuple(import_string(path) for path in getattr(settings, name))
