"""Addresses of pain points and what is asked again."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
