"""Addresses of checks."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
