"""Addresses of stances."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
