"""Accounts as an administrator sees them: who, with which role, open or closed."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Lower
from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from vertebra.accounts.actions import doors, people
from vertebra.accounts.forms import RoleForm
from vertebra.accounts.labels import Kind, Role
from vertebra.accounts.models import ApiToken, User
from vertebra.accounts.pages.limits import limited
from vertebra.accounts.pages.sessions import shown_once
from vertebra.accounts.permissions import RIGHT_LABELS, ROLE_RIGHTS, PageRequest, Right, requires
from vertebra.accounts.queries import feed, people_search
from vertebra.accounts.together import saved_views
from vertebra.kit import clock
from vertebra.kit.listing import Column, Filter, ListOf

STATES = (
    ("open", pgettext_lazy("account", "open")),
    ("closed", pgettext_lazy("account", "closed")),
)

LIST = ListOf(
    page="accounts:user-list",
    file_name="accounts",
    columns=(
        Column("name", gettext_lazy("Name"), lambda row: row.name, sort="name_lower"),
        Column("email", gettext_lazy("E-mail"), lambda row: row.email, sort="email"),
        Column("role", gettext_lazy("Role"), lambda row: row.get_role_display(), sort="role"),
        Column(
            "state", gettext_lazy("State"), lambda row: dict(STATES)["open" if row.is_active else "closed"]
        ),
        Column("last_login", gettext_lazy("Signed in"), lambda row: row.last_login),
        Column("created_at", gettext_lazy("Since"), lambda row: row.created_at, sort="created_at"),
        Column(
            "second_factor",
            gettext_lazy("Second factor"),
            lambda row: _("yes") if row.has_second_factor else _("no"),
            is_optional=True,
        ),
    ),
    filters=(
        Filter("role", gettext_lazy("Role"), lambda rows, v: rows.filter(role=v), lambda: Role.choices),
        Filter(
            "state",
            gettext_lazy("State"),
            lambda rows, v: rows.filter(is_active=v == "open"),
            lambda: STATES,
        ),
    ),
    search=people_search,
    sort="name",
)


@requires(Right.ADMINISTER)
def user_list(request: PageRequest) -> HttpResponseBase:
    """Every account, with its role and whether it is open."""
    totp = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
    rows = User.objects.annotate(name_lower=Lower("name"), has_second_factor=Exists(totp))
    listing = LIST.read(
        request, rows, saved_views=saved_views(request.user, LIST.page, request.get_full_path())
    )
    if listing.export:
        return listing.export
    counts = User.objects.aggregate(
        active=Count("id", filter=Q(is_active=True)),
        administrators=Count("id", filter=Q(is_active=True, role=Role.ADMINISTRATOR)),
        closed=Count("id", filter=Q(is_active=False)),
    )
    return render(request, "accounts/users.html", {"listing": listing, "counts": counts})


@requires(Right.ADMINISTER)
def user_page(request: PageRequest, user_id: int) -> HttpResponseBase:
    """One account: its role, its sessions and tokens, what was done to it."""
    account = get_object_or_404(User, pk=user_id)
    now = clock.now()
    context = {
        "account": account,
        "role_form": RoleForm(initial={"role": account.role}),
        "session_count": UserSession.objects.filter(user=account).count(),
        "token_count": ApiToken.objects.filter(user=account, revoked_at=None, expires_at__gt=now).count(),
        "has_second_factor": Authenticator.objects.filter(
            user=account, type=Authenticator.Type.TOTP
        ).exists(),
        "rights": [label for right, label in RIGHT_LABELS.items() if right in ROLE_RIGHTS[account.role]],
        "history": feed(Kind.USER, account.pk),
    }
    return render(request, "accounts/user.html", context)


@requires(Right.ADMINISTER)
@require_POST
def role_change(request: PageRequest, user_id: int) -> HttpResponseBase:
    """Give somebody another role."""
    account = get_object_or_404(User, pk=user_id)
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            people.change_role(
                actor=request.user, user=account, role=form.cleaned_data["role"], now=clock.now()
            )
            messages.success(request, _("%(name)s has another role now.") % {"name": account})
        except people.LastAdministrator as reason:
            messages.error(request, str(reason))
    return _back(account)


@requires(Right.ADMINISTER)
@require_POST
def user_close(request: PageRequest, user_id: int) -> HttpResponseBase:
    """Close an account."""
    account = get_object_or_404(User, pk=user_id)
    try:
        people.deactivate_account(actor=request.user, user=account, now=clock.now())
        messages.success(request, _("The account of %(name)s is closed.") % {"name": account})
    except people.LastAdministrator as reason:
        messages.error(request, str(reason))
    return _back(account)


@requires(Right.ADMINISTER)
@require_POST
def user_open(request: PageRequest, user_id: int) -> HttpResponseBase:
    """Open a closed account again."""
    account = get_object_or_404(User, pk=user_id)
    people.reactivate_account(actor=request.user, user=account, now=clock.now())
    messages.success(request, _("The account of %(name)s is open again.") % {"name": account})
    return _back(account)


@requires(Right.ADMINISTER)
@require_POST
@limited("password_link")
def password_link_create(request: PageRequest, user_id: int) -> HttpResponseBase:
    """Make a link with which somebody can choose a new password, for an instance without mail."""
    account = get_object_or_404(User, pk=user_id, is_active=True, is_cast=False)
    context = {
        "address": doors.make_password_link(actor=request.user, user=account, now=clock.now()),
        "heading": _("New password for %(name)s") % {"name": account},
        "intro": _("Hand this link over yourself: it opens once, for four hours, and is shown only now."),
        "back_url": reverse("accounts:user-page", args=(account.pk,)),
    }
    return shown_once(request, context)


@requires(Right.ADMINISTER)
def rights(request: PageRequest) -> HttpResponseBase:
    """Who may do what: roles and rights on one screen."""
    counts = dict(
        User.objects.filter(is_active=True).values_list("role").annotate(count=Count("id")).order_by()
    )
    roles = [{"role": role, "label": role.label, "count": counts.get(role, 0)} for role in Role]
    table = [
        (label, [(role.label, right in ROLE_RIGHTS[role]) for role in Role])
        for right, label in RIGHT_LABELS.items()
    ]
    return render(request, "accounts/rights.html", {"roles": roles, "table": table})


def _back(account: User) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("accounts:user-page", args=(account.pk,)))
