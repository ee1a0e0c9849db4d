"""Addresses of the charter and help requests."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
