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
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vertebra.accounts.actions.chats import Given
from vertebra.accounts.actions.reach import NEVER, Times
from vertebra.accounts.actions.tokens import LASTS, LASTS_AT_MOST
from vertebra.accounts.labels import (
    CHAT_CHANNELS,
    CHOSEN,
    SWITCHED,
    Channel,
    ChatWay,
    MessageKind,
    Pace,
    Role,
    Scope,
    Theme,
)
from vertebra.accounts.models import User
from vertebra.accounts.outbox.wishes import Wishes
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
        choices=[(channel.value, channel.label) for channel in SWITCHED],
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


class TellingForm(forms.Form):
    """Where, how often and when somebody wants to be told: one field for each kind and channel."""

    quiet_from = forms.TimeField(
        label=_("Leave me in peace from"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    quiet_until = forms.TimeField(
        label=_("until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Nothing is sent in these hours, on your own clock; it comes when they end."),
    )  # fmt: skip
    digest_at = forms.TimeField(
        label=_("What comes together comes at"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    digest_day = forms.TypedChoiceField(
        label=_("and what comes once a week, on"), choices=[*WEEKDAYS.items()], coerce=int
    )

    def __init__(self, *args: Any, user: User | None, channels: list[Channel], **kwargs: Any) -> None:
        wishes = Wishes.of([user.pk] if user else [])
        rhythm = wishes.rhythm(user.pk if user else None)
        times = {
            name: getattr(rhythm, name) for name in ("quiet_from", "quiet_until", "digest_at", "digest_day")
        }
        super().__init__(*args, **{"initial": times, **kwargs})
        self.channels = channels
        for kind in CHOSEN:
            for channel in channels:
                pace = wishes.pace(user.pk if user else None, kind, channel) or NEVER
                self.fields[f"{kind}-{channel}"] = forms.ChoiceField(
                    label=f"{kind.label} · {channel.label}",
                    choices=_paces(kind, channel),
                    initial=pace,
                    widget=forms.Select(attrs={"class": "input"}),
                )

    def rows(self) -> list[tuple[Any, list[tuple[Any, forms.BoundField]]]]:
        """Each kind with its fields, each beside the name of its channel."""
        return [
            (kind.label, [(channel.label, self[f"{kind}-{channel}"]) for channel in self.channels])
            for kind in CHOSEN
        ]

    def times_fields(self) -> list[forms.BoundField]:
        """The fields that say when."""
        return [self[name] for name in ("quiet_from", "quiet_until", "digest_at", "digest_day")]

    def clean(self) -> dict[str, Any]:
        """Quiet hours have a beginning and an end."""
        cleaned = super().clean() or {}
        if bool(cleaned.get("quiet_from")) != bool(cleaned.get("quiet_until")):
            self.add_error("quiet_until", _("Say from when until when, or neither."))
        return cleaned

    def paces(self) -> dict[tuple[str, str], str]:
        """What was chosen, by kind and channel."""
        names = [(kind, channel) for kind in CHOSEN for channel in self.channels]
        return {(str(k), str(c)): self.cleaned_data[f"{k}-{c}"] for k, c in names}

    def times(self) -> Times:
        """When, as it was chosen."""
        data = self.cleaned_data
        return Times(data["quiet_from"], data["quiet_until"], data["digest_at"], data["digest_day"])


def _paces(kind: MessageKind, channel: Channel) -> list[tuple[str, Any]]:
    if channel == Channel.IN_APP:
        there = (Pace.AT_ONCE.value, pgettext_lazy("value", "yes"))
        return [there] if kind == MessageKind.FOR_ME else [there, (NEVER, pgettext_lazy("value", "no"))]
    return [*Pace.choices, (NEVER, _("never"))]


class ChatForm(forms.Form):
    """A chat tool to connect."""

    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        help_text=_("What people call the room: “Sales, France”, for example."),
    )
    tool = forms.ChoiceField(label=_("Tool"), choices=[(one.value, one.label) for one in CHAT_CHANNELS])
    way = forms.ChoiceField(
        label=_("How"), choices=ChatWay.choices, widget=forms.RadioSelect, initial=ChatWay.WEBHOOK
    )
    secret = forms.CharField(
        label=_("Address of the webhook, or token of the app"),
        max_length=2000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=False),
        help_text=_("It is kept sealed and never shown again."),
    )
    room = forms.CharField(
        label=_("Room"), max_length=100, required=False,
        help_text=_("For an app: the channel it posts to. Without one it writes to people only."),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language of its messages"), choices=settings.LANGUAGES)

    def given(self) -> Given:
        """What was typed."""
        return Given(**{name: self.cleaned_data[name] for name in self.fields})


class ChatCommandForm(forms.Form):
    """The secret by which a chat tool proves that somebody asks from there."""

    secret = forms.CharField(
        label=_("Signing secret of the app, or token of the command"),
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}, render_value=False),
        help_text=_("It is kept sealed and never shown again."),
    )
