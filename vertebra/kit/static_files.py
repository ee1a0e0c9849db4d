"""Static files whose address carries their content's fingerprint, with nothing to collect at install."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


@cache
def fingerprint(name: str) -> str:
    """Ten hexadecimal digits of the file's content, or nothing for an unknown file."""
    path = finders.find(name)
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:10] if isinstance(path, str) else ""


class VersionedStorage(StaticFilesStorage):
    """Addresses of the form `/static/kit/kit.css?v=3f0c…`, which may be cached for ever."""

    def url(self, name: str | None, *args: Any, **kwargs: Any) -> str:
        address: str = super().url(name, *args, **kwargs)
        if settings.DEBUG or not name or not (version := fingerprint(name)):
            return address
        return f"{address}?v={version}"
