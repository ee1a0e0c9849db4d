"""Every address of Vertebra."""

from django.urls import URLPattern, URLResolver, include, path

from vertebra.accounts.urls import door_patterns
from vertebra.kit.later import later
from vertebra.web.targets import TARGETS

urlpatterns: list[URLPattern | URLResolver] = [
    # First: a request of the API is not held against every page.
    later("api/v1/", "vertebra.web.api.addresses", "api"),
    path("", include("vertebra.web.urls")),
    path("", include("vertebra.kit.urls")),
    path("", include("vertebra.org.urls")),
    path("", include("vertebra.measures.urls")),
    path("", include("vertebra.evidence.urls")),
    path("", include("vertebra.discovery.urls")),
    path("", include("vertebra.roadmap.urls")),
    path("", include("vertebra.practices.urls")),
    path("", include("vertebra.releases.urls")),
    path("", include("vertebra.learning.urls")),
    path("", include("vertebra.reviews.urls")),
    path("", include("vertebra.sources.urls"), {"targets": TARGETS}),
    path("", include("vertebra.accounts.urls")),
    path("", include(door_patterns)),
]
