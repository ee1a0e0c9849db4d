"""Addresses of the diagnosis and the stage of the function."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
