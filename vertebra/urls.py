"""Every address of Vertebra."""

from django.urls import URLPattern, URLResolver, include, path
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from vertebra.accounts.urls import door_patterns
from vertebra.web.api import api

# What reads files is loaded when somebody imports some, not at every start.
_TARGETS = (
    "vertebra.org.importing.target.TARGETS",
    "vertebra.measures.importing.target.TARGETS",
    "vertebra.roadmap.importing.target.TARGETS",
)
TARGETS = SimpleLazyObject(
    lambda: {code: one for path in _TARGETS for code, one in import_string(path).items()}
)
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("vertebra.web.urls")),
    path("", include("vertebra.kit.urls")),
    path("", include("vertebra.org.urls")),
    path("", include("vertebra.measures.urls")),
    path("", include("vertebra.evidence.urls")),
    path("", include("vertebra.discovery.urls")),
    path("", include("vertebra.roadmap.urls")),
    path("", include("vertebra.sources.urls"), {"targets": TARGETS}),
    path("api/v1/", api.urls),
    path("", include("vertebra.accounts.urls")),
    path("", include(door_patterns)),
]
