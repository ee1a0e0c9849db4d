"""Who asks from this very machine, with nobody in between."""

import ipaddress

from django.http import HttpRequest

PROXY_HEADERS = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Forwarded", "Via")


def is_from_this_machine(request: HttpRequest) -> bool:
    """Whether the request comes over loopback, through no proxy."""
    if any(request.headers.get(name) for name in PROXY_HEADERS):
        return False
    return is_loopback(request.META.get("REMOTE_ADDR", ""))


def is_loopback(address: str) -> bool:
    """Whether the address is this machine's own."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
