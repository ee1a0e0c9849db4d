"""Every address of Vertebra."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("vertebra.web.urls")),
    path("", include("vertebra.kit.urls")),
    path("accounts/", include("allauth.urls")),
]
