"""Addresses whose module is loaded when the first of them is asked for: a start waits for no program that may never call."""

from django.urls import URLResolver
from django.urls.resolvers import RoutePattern


class LaterResolver(URLResolver):
    """Addresses below a prefix, by the name of their module, loaded when one of them is asked for or asked about.

    Django asks every resolver for its names as soon as one address is written (`_populate`, read in Django 5.2): this
    one has none of its own to give, as all of them stand in its namespace.
    """

    def _populate(self) -> None:
        if "url_patterns" in self.__dict__:
            super()._populate()


def later(prefix: str, module: str, namespace: str) -> LaterResolver:
    """Addresses of a module below a prefix, in their namespace."""
    pattern = RoutePattern(prefix, is_endpoint=False)
    return LaterResolver(pattern, module, app_name=namespace, namespace=namespace)
