"""Addresses of projects."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
