"""What the shell of every page needs: where one can go, what waits, what was just done."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vertebra.accounts.models import User
from vertebra.accounts.outbox import unread
from vertebra.accounts.permissions import Right, may
from vertebra.web.sections import Section, Tab, address_of, sections_of


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the navigation."""

    label: str
    url: str
    icon: str
    key: str
    is_current: bool
    count: int = 0


@dataclass(frozen=True, slots=True)
class Toast:
    """What was just done, and the address that takes it back."""

    text: str
    undo_url: str = ""


def shell(request: HttpRequest) -> dict[str, Any]:
    """What the shell says, once for a request and a language: a page may be made of several templates."""
    # What is read together in a language of its own is written in that one, whatever whoever asked reads.
    known: dict[str | None, dict[str, Any]] = request.__dict__.setdefault("_shell", {})
    language = get_language()
    if language not in known:
        known[language] = _shell(request)
    return known[language]


def _shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation (only what exists), language, theme, what waits for the person, what was just done."""
    user = request.user if hasattr(request, "user") else None
    common = {
        "languages": [{"code": code, "label": label} for code, label in settings.LANGUAGES],
        "toasts": SimpleLazyObject(lambda: list(_toasts(request))),
    }
    if not isinstance(user, User):
        return common
    sections = list(sections_of(user, request.path))
    return common | {
        "navigation": list(_navigation(user, request.path, sections)),
        "section_tabs": next((tabs for _, tabs in sections if any(tab.is_current for tab in tabs)), []),
        "needs_count": SimpleLazyObject(lambda: unread(user).count()),
        "theme": user.theme,
        "language": user.language,
        "shell_urls": {
            "home": address_of("web:home"),
            "needs": address_of("accounts:message-list"),
            "search": address_of("web:search"),
            "commands": address_of("web:commands"),
            "profile": address_of("accounts:account"),
            "preferences": address_of("accounts:preference-change"),
            "sign_out": address_of("account_logout"),
            "keep_view": reverse("accounts:view-create", args=["_"]).removesuffix("_/"),
        },
    }


def _navigation(user: User, path: str, sections: list[tuple[Section, list[Tab]]]) -> Iterator[Place]:
    organisation = address_of("org:map")
    yield Place(_("Home"), address_of("web:home"), "house", "h", path == "/")
    for section, tabs in sections:
        is_current = any(tab.is_current for tab in tabs)
        yield Place(str(section.label), tabs[0].url, section.icon, section.key, is_current)
    yield Place(_("Organisation"), organisation, "network", "o", path.startswith(organisation))
    if may(user, Right.IMPORT):
        imports = address_of("sources:import-list")
        yield Place(_("Imports"), imports, "upload", "i", path.startswith(imports))
    if may(user, Right.SEE_AUDIT):
        audit = address_of("accounts:audit-list")
        yield Place(_("Administration"), audit, "settings", "a", path.startswith("/administration/"))


def _toasts(request: HttpRequest) -> Iterator[Toast]:
    """The messages of the request; those marked `undo:ENTRY` offer to take the entry back."""
    for message in get_messages(request):
        entry = (message.extra_tags or "").partition("undo:")[2].split(" ")[0]
        try:
            yield Toast(str(message), reverse("accounts:entry-undo", args=(int(entry),)) if entry else "")
        except (NoReverseMatch, ValueError):
            yield Toast(str(message))
