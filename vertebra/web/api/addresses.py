"""The addresses of the API."""

from vertebra.web.api import api

urlpatterns, _app_name, _namespace = api.urls
