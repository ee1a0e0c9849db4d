"""Addresses of audits, their readings and quick wins."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
