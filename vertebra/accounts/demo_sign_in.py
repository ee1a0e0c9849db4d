"""Signing in as any member of the demo company's cast: only where nothing is real yet, and only from this machine."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.kit.loopback import is_from_this_machine, is_loopback


def is_open(request: HttpRequest) -> bool:
    """Whether whoever asks may sign in as a member of the cast, without a password."""
    return _is_by_loopback_name(request) and has_cast() and not has_anything_real()


def _is_by_loopback_name(request: HttpRequest) -> bool:
    """Whether the request comes from this machine, by a loopback name: no other site is behind it."""
    host = request.get_host().rsplit(":", 1)[0].strip("[]")
    return is_from_this_machine(request) and (host == "localhost" or is_loopback(host))


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
