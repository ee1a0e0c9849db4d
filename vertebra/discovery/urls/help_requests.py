"""Addresses of help requests."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
