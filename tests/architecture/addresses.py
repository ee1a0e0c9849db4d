"""Every address of the product, with the right that each declares."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from vertebra.accounts.api import Bearer
from vertebra.web.api import api


@dataclass(frozen=True)
class Address:
    """One route: its name, its pattern, the view behind it."""

    name: str
    route: str
    view: Callable[..., Any]

    @property
    def right(self) -> str:
        """The right that the view declares, or nothing."""
        return str(getattr(self.view, "required_right", ""))

    @property
    def reason(self) -> str:
        """Why the view is open to anyone, or nothing."""
        return str(getattr(self.view, "open_reason", ""))


def addresses(
    resolver: URLResolver | None = None, route: str = "/", namespace: str = ""
) -> Iterator[Address]:
    """Every page of the URLconf; the routes of the API declare their right in another way."""
    for pattern in (resolver or get_resolver()).url_patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "api":
                yield from addresses(
                    pattern, here, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                )
        elif isinstance(pattern, URLPattern):
            yield Address(f"{namespace}{pattern.name or ''}", here, pattern.callback)


def routes() -> Iterator[tuple[str, str, list[Any]]]:
    """Every route of the API: method, path, and what authenticates it."""
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                for method in operation.methods:
                    yield method, f"{prefix}{path}", list(operation.auth_callbacks)


def undeclared() -> list[str]:
    """Addresses and routes that declare neither a right nor a reason to be open."""
    pages = [f"{each.route} ({each.name})" for each in addresses() if not each.right and not each.reason]
    calls = [
        f"{method} {path}" for method, path, auth in routes() if not any(isinstance(a, Bearer) for a in auth)
    ]
    return pages + calls
