"""Signing in as any member of the demo company's cast: only where nothing is real yet, and only from this machine."""

import ipaddress

from django.http import HttpRequest
from django.utils.translation import gettext as _

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User

_PROXY_HEADERS = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_FORWARDED",
    "HTTP_X_REAL_IP",
    "HTTP_VIA",
    "HTTP_X_FORWARDED_HOST",
)


def is_open(request: HttpRequest) -> bool:
    """Whether whoever asks may sign in as a member of the cast, without a password."""
    return is_from_this_machine(request) and has_cast() and not has_anything_real()


def is_from_this_machine(request: HttpRequest) -> bool:
    """Whether the request comes over loopback, by a loopback name, through no proxy."""
    if any(request.META.get(header) for header in _PROXY_HEADERS):
        return False
    host = request.get_host().rsplit(":", 1)[0].strip("[]")
    return _is_loopback(request.META.get("REMOTE_ADDR", "")) and (host == "localhost" or _is_loopback(host))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def has_cast() -> bool:
    """Whether this instance was created with the demo company."""
    return User.objects.filter(is_cast=True, is_active=True).exists()


def has_anything_real() -> bool:
    """Whether somebody real has an account, or rows of a real company were brought in and kept."""
    if User.objects.filter(is_cast=False, is_active=True).exists():
        return True
    brought = AuditEntry.objects.filter(kind__in=[Kind.SOURCE, Kind.IMPORT], verb="import")
    kept = brought.filter(undone_by=None).values_list("particulars", flat=True)
    return any(not particulars.get("is_demo") for particulars in kept.iterator())


def warning_of_closing() -> str:
    """What bringing in the first real rows ends, and what to do before; empty where nothing would end."""
    if not has_cast() or has_anything_real():
        return ""
    return _(
        "Applying real data closes the demo’s door: sign-in as a member of the cast ends. "
        "Create your account first with: vertebra user owner-link"
    )
