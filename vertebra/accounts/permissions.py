"""The one table of rights: who may do what, and the decorators by which each address declares it."""

from collections.abc import Callable, Collection
from enum import StrEnum
from functools import wraps
from typing import Any, Concatenate, cast
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_htmx.middleware import HtmxDetails

from vertebra.accounts.labels import Kind, Role, Scope
from vertebra.accounts.models import User
from vertebra.kit.headers import private


class Right(StrEnum):
    """What an address or an action asks of whoever comes."""

    READ = "read"
    TAKE_PART = "take_part"
    EDIT_ORGANISATION = "edit_organisation"
    IMPORT = "import"
    PRODUCT_OPS = "product_ops"
    INVITE = "invite"
    SEE_AUDIT = "see_audit"
    ADMINISTER = "administer"


RIGHT_LABELS = {
    Right.READ: _("read the organisation and search"),
    Right.TAKE_PART: _("report, comment, follow, keep views"),
    Right.EDIT_ORGANISATION: _("edit the organisation"),
    Right.IMPORT: _("import files and undo imports"),
    Right.PRODUCT_OPS: _("see and work what is kept to Product Ops"),
    Right.INVITE: _("invite people"),
    Right.SEE_AUDIT: _("see everything that was changed, by whom"),
    Right.ADMINISTER: _("accounts, sources, jobs, settings"),
}
_READER = frozenset({Right.READ, Right.TAKE_PART})
_CONTRIBUTOR = _READER | {Right.EDIT_ORGANISATION}
_PRODUCT_OPS = _CONTRIBUTOR | {Right.IMPORT, Right.PRODUCT_OPS, Right.INVITE, Right.SEE_AUDIT}
ROLE_RIGHTS: dict[str, frozenset[Right]] = {
    Role.READER: _READER,
    Role.CONTRIBUTOR: _CONTRIBUTOR,
    Role.PRODUCT_OPS: _PRODUCT_OPS,
    # An administrator runs the instance; what is private to Product Ops stays private.
    Role.ADMINISTRATOR: (_PRODUCT_OPS - {Right.PRODUCT_OPS}) | {Right.ADMINISTER},
}

# What only Product Ops may know of from the audit, by name or by what changed in it; that something was done is no
# secret. Some of these objects are open to all once published: their own pages say what they are called now.
PRIVATE_KINDS = frozenset(
    {
        Kind.PAIN_POINT,
        Kind.QUICK_WIN,
        Kind.AUDIT,
        Kind.SURVEY,
        Kind.CHARTER,
        Kind.GUIDE,
        Kind.CAMPAIGN,
        Kind.INTERVIEW,
        Kind.VERBATIM,
        Kind.STANCE,
        Kind.DIAGNOSIS,
        Kind.STAGE,
    }
)
# Columns that the audit and files tell to Product Ops alone; whoever they are about reads them on their own pages.
PRIVATE_COLUMNS = frozenset({"hours_per_month"})

SCOPE_RIGHTS: dict[str, Right] = {
    Scope.READ: Right.READ,
    Scope.WRITE: Right.TAKE_PART,
    Scope.IMPORT: Right.IMPORT,
    Scope.ADMIN: Right.ADMINISTER,
}


class PageRequest(HttpRequest):
    """A request of somebody signed in."""

    user: User
    htmx: HtmxDetails


def may(user: object, right: Right) -> bool:
    """Whether this user (or nobody) holds the right through their role."""
    return isinstance(user, User) and user.is_active and right in ROLE_RIGHTS.get(user.role, frozenset())


def may_know(user: object, kind: str) -> bool:
    """Whether this user may read the names and the changes of objects of a kind in the audit."""
    return kind not in PRIVATE_KINDS or may(user, Right.PRODUCT_OPS)


def open_columns(value: Any, hidden: Collection[str] = PRIVATE_COLUMNS) -> Any:
    """A value without what hidden columns hold, at any depth of its JSON."""
    if isinstance(value, dict):
        return {key: open_columns(inner, hidden) for key, inner in value.items() if key not in hidden}
    return [open_columns(inner, hidden) for inner in value] if isinstance(value, list) else value


def roles_to_give(user: User) -> list[Role]:
    """The roles that this person may invite others to."""
    if may(user, Right.ADMINISTER):
        return list(Role)
    return [Role.READER, Role.CONTRIBUTOR] if may(user, Right.INVITE) else []


def scopes_to_give(user: User) -> list[Scope]:
    """The scopes that this person's tokens may have."""
    return [scope for scope in Scope if may(user, SCOPE_RIGHTS[scope])]


View = Callable[Concatenate[Any, ...], HttpResponseBase]


def requires(right: Right) -> Callable[[View], View]:
    """Open a page to whoever holds the right: others are sent to sign in, or told 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return sign_in_redirect(request)
            if not may(request.user, right):
                raise PermissionDenied
            return view(cast(PageRequest, request), *args, **kwargs)

        guarded.required_right = right  # type: ignore[attr-defined]
        return guarded

    return decorate


def open_to_anyone(reason: str) -> Callable[[View], View]:
    """Open a page to people who are not signed in, for a stated reason (listed by the permissions walk)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return view(request, *args, **kwargs)

        opened.open_reason = reason  # type: ignore[attr-defined]
        return opened

    return decorate


def open_by_secret(reason: str) -> Callable[[View], View]:
    """Open a page to whoever holds the secret in its address, for a stated reason; each of its answers is private."""

    def decorate(view: View) -> View:
        @open_to_anyone(reason)
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return private(view(request, *args, **kwargs))

        return opened

    return decorate


def sign_in_redirect(request: HttpRequest) -> HttpResponseBase:
    """Send a visitor to the sign-in page and back here afterwards (htmx is told to load the whole page)."""
    back = request.get_full_path() if request.method == "GET" else "/"
    address = f"{reverse('account_login')}?{urlencode({'next': back})}"
    response = HttpResponseRedirect(address)
    if request.headers.get("HX-Request"):
        response.status_code = 204
        response["HX-Redirect"] = address
    return response
