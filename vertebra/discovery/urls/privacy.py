"""Addresses of what Vertebra sees and does not see, and of the drafts for those who must be told."""

from django.urls import URLPattern, path

from vertebra.discovery.pages import privacy

urlpatterns: list[URLPattern] = [
    path("privacy/", privacy.privacy_page, name="privacy-show"),
    path("administration/privacy/", privacy.document_list, name="privacy-document-list"),
    path(
        "administration/privacy/<slug:document>/<slug:language>/",
        privacy.document_download,
        name="privacy-document-show",
    ),
]
