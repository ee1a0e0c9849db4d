"""Addresses of evidence: surveys, and the links by which people answer."""

from django.urls import URLPattern

app_name = "evidence"
urlpatterns: list[URLPattern] = []
