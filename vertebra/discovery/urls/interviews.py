"""Addresses of guides, campaigns, interviews and verbatims."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
