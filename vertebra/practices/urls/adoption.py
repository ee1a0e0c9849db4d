"""Addresses of the adoption of practices."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
