"""What the command line says and does about accounts."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.urls import reverse
from django.utils.translation import gettext as _

from vertebra.accounts import demo_sign_in
from vertebra.accounts.actions import doors, people
from vertebra.accounts.labels import Role
from vertebra.accounts.models import User
from vertebra.kit import clock
from vertebra.kit.refusal import Refusal

Answer = tuple[dict[str, Any], str]


def is_in_use() -> bool:
    """Whether somebody has an account here, of the demo company or real."""
    return User.objects.exists()


def how_to_sign_in(address: str) -> list[str]:
    """The lines that tell whoever started the server how to get in."""
    if not User.objects.exists():
        _facts, words = owner_link()
        return [words]
    if demo_sign_in.has_cast() and not demo_sign_in.has_anything_real():
        door = address + reverse("accounts:demo")
        return [_("Sign in as any member of the demo company: %(address)s") % {"address": door}]
    lines = [_("Sign in: %(address)s") % {"address": address + reverse("account_login")}]
    if not User.objects.filter(is_cast=False, is_active=True).exists():
        lines.insert(0, _("The demo’s door is closed. Create your account with: vertebra user owner-link"))
    return lines


def owner_link() -> Answer:
    """A new one-time link for the first administrator; refused once there is one."""
    if User.objects.filter(role=Role.ADMINISTRATOR, is_active=True, is_cast=False).exists():
        raise Refusal(
            _("This instance already has an administrator."),
            _("Ask them to invite you, or run: vertebra user role EMAIL administrator"),
        )
    link = doors.make_owner_link(actor=None, now=clock.now())
    words = _("Become the administrator (once, within 24 hours): %(address)s") % {"address": link}
    return {"address": link}, words


def list_users() -> Answer:
    """Every account, with its role and whether it is open."""
    found = list(User.objects.order_by("email"))
    width = max((len(user.email) for user in found), default=0)
    rows = [
        {"email": user.email, "name": user.name, "role": user.role, "is_active": user.is_active}
        for user in found
    ]
    lines = [
        f"{user.email:{width}}  {user.role:14}  {user.name}{'' if user.is_active else '  (closed)'}"
        for user in found
    ]
    return {"users": rows}, "\n".join(lines) or _("There is no account yet. Run: vertebra user owner-link")


def set_role(email: str, role: str) -> Answer:
    """Give an account another role."""
    if role not in Role.values:
        raise Refusal(_("There is no role %(role)s.") % {"role": role}, " | ".join(Role.values), 2)
    user = _account(email)
    _or_refuse(lambda: people.change_role(actor=None, user=user, role=role, now=clock.now()))
    return {"email": user.email, "role": role}, f"{user.email}: {Role(role).label}"


def deactivate(email: str) -> Answer:
    """Close an account and its sessions."""
    user = _account(email)
    _or_refuse(lambda: people.deactivate_account(actor=None, user=user, now=clock.now()))
    return {"email": user.email, "is_active": False}, _("%(email)s can no longer sign in.") % {
        "email": user.email
    }


def reset_link(email: str) -> Answer:
    """A link by which somebody chooses a new password."""
    user = _account(email)
    link = doors.make_password_link(actor=None, user=user, now=clock.now())
    return {"email": user.email, "address": link}, link


def _or_refuse(change: Callable[[], object]) -> None:
    try:
        change()
    except people.LastAdministrator as error:
        raise Refusal(str(error)) from error


def _account(email: str) -> User:
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refusal(_("%(email)s is not an e-mail.") % {"email": email}, "", 2) from error
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        raise Refusal(
            _("No account has the e-mail %(email)s.") % {"email": email}, _("See: vertebra user list"), 1
        )
    return user
