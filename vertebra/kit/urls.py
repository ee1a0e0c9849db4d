"""Addresses of the kit."""

from django.urls import path

from vertebra.kit import pages

app_name = "kit"
urlpatterns = [path("styleguide/", pages.styleguide, name="styleguide")]
