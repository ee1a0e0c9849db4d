"""Addresses of feeds."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
