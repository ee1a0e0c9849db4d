"""What people type to come in, to invite, and to set their account as they like."""

import datetime as dt
import zoneinfo
from functools import cache
from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from vertebra.accounts.actions.tokens import LASTS, LASTS_AT_MOST
from vertebra.accounts.labels import Channel, Role, Scope, Theme
from vertebra.accounts.models import User
from vertebra.accounts.permissions import roles_to_give, scopes_to_give
from vertebra.kit.forms import LongSelect


class _Plain(forms.Form):
    """A form of allauth in our words: labels above, nothing repeated inside the fields."""

    words: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.words.get(name, field.label)


class SignInForm(_Plain, LoginForm):  # type: ignore[misc]
    """E-mail and password."""

    words = {"login": _("E-mail"), "password": _("Password")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        self.fields["login"].widget.attrs["autofocus"] = True


class PasswordResetForm(_Plain, ResetPasswordForm):  # type: ignore[misc]
    """The e-mail of somebody who forgot their password; known or not, the same is done."""

    words = {"email": _("E-mail")}

    def clean_email(self) -> str:
        """Look for nothing here: a job does, after the answer was given."""
        return str(self.cleaned_data["email"]).lower()


class NewPasswordForm(_Plain, ResetPasswordKeyForm):  # type: ignore[misc]
    words = {"password1": _("New password"), "password2": _("The same again")}


class PasswordChangeForm(_Plain, ChangePasswordForm):  # type: ignore[misc]
    words = {
        "oldpassword": _("Password until now"),
        "password1": _("New password"),
        "password2": _("The same again"),
    }


class ConfirmPasswordForm(_Plain, ReauthenticateForm):  # type: ignore[misc]
    words = {"password": _("Password")}


class AcceptForm(forms.Form):
    """Who one is, in which language, and the password one will sign in with."""

    name = forms.CharField(
        label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    password = forms.CharField(
        label=_("Password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Twelve characters at least. A few words in a row make a good one."),
    )

    def email(self) -> str:
        """The e-mail that the account will have."""
        return str(self.initial.get("email", ""))

    def clean(self) -> dict[str, Any]:
        """Refuse a password that is easily guessed for this person."""
        cleaned = super().clean() or {}
        if password := cleaned.get("password"):
            person = User(email=self.email(), name=cleaned.get("name", ""))
            try:
                validate_password(password, person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return cleaned


class OwnerForm(AcceptForm):
    """The first administrator gives their e-mail too."""

    email_address = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    field_order = ("name", "email_address", "language", "password")

    def email(self) -> str:
        """The e-mail typed here."""
        return str(self.cleaned_data.get("email_address", ""))


class InviteForm(forms.Form):
    """Whom to invite, as what, in which language."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    role = forms.ChoiceField(label=_("Role"), choices=())
    language = forms.ChoiceField(label=_("Language of the message"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)  # noqa: S101 (for the type checker)
        role.choices = [(each.value, each.label) for each in roles_to_give(user)]


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


@cache
def _zone_names() -> list[str]:
    """Names of time zones by place; finding them opens hundreds of files, so they are found once."""
    return sorted(name for name in zoneinfo.available_timezones() if "/" in name and "Etc/" not in name)


def _zones() -> list[tuple[str, Any]]:
    return [("", _("As the company")), *((name, name.replace("_", " ")) for name in _zone_names())]


class AccountForm(forms.ModelForm[User]):
    """How one is called and spoken to."""

    time_zone = forms.ChoiceField(label=_("Time zone"), choices=_zones, required=False, widget=LongSelect)
    channels = forms.MultipleChoiceField(
        label=_("Where to tell you of what you follow"),
        choices=Channel.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = User
        fields = ("name", "language", "theme", "time_zone")


class PreferenceForm(forms.Form):
    """The menu's switches: a theme or a language."""

    theme = forms.ChoiceField(choices=Theme.choices, required=False)
    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False)


class TokenForm(forms.Form):
    """What a token is for, what it opens and until when."""

    name = forms.CharField(
        label=_("What it is for"), max_length=100, help_text=_("The tool that will use it, for example.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=(), widget=forms.CheckboxSelectMultiple
    )
    ends_on = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, user: User, today: dt.date, **kwargs: Any) -> None:
        kwargs["initial"] = {"scopes": [Scope.READ], "ends_on": today + LASTS, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        scopes = self.fields["scopes"]
        assert isinstance(scopes, forms.MultipleChoiceField)  # noqa: S101 (for the type checker)
        scopes.choices = [(each.value, each.label) for each in scopes_to_give(user)]
        self.fields["ends_on"].widget.attrs |= {
            "min": (today + dt.timedelta(days=1)).isoformat(),
            "max": (today + LASTS_AT_MOST).isoformat(),
        }


class CommentForm(forms.Form):
    """What somebody says."""

    body = forms.CharField(
        label=_("Your comment"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 4})
    )


class ViewForm(forms.Form):
    """The name of a view to keep, and the address it stands for."""

    name = forms.CharField(label=_("Name"), max_length=80)
    url = forms.CharField(max_length=2000)
    is_shared = forms.BooleanField(label=_("Everybody sees it"), required=False)
