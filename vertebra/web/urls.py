"""Addresses of the front desk."""

from django.urls import path

from vertebra.web.pages import home, search

app_name = "web"
urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("commands/", search.commands, name="commands"),
]
