"""Who may come in, and by which doors."""

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from vertebra.accounts import labels


class UserManager(BaseUserManager["User"]):
    """Accounts, found by e-mail whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Somebody who can sign in; a person of the organisation may or may not have an account."""

    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=200)
    role = models.CharField(_("role"), max_length=20, choices=labels.Role, default=labels.Role.READER)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="fr")
    theme = models.CharField(_("theme"), max_length=10, choices=labels.Theme, default=labels.Theme.SYSTEM)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True)
    is_active = models.BooleanField(default=True)
    is_cast = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = (
            models.UniqueConstraint(Lower("email"), name="user_email_once_whatever_its_case"),
            models.CheckConstraint(condition=Q(role__in=labels.Role.values), name="user_role_is_known"),
        )

    def __str__(self) -> str:
        return self.name or self.email


class OneTimeLink(models.Model):
    """An address that lets one person in once: the first administrator, or someone invited."""

    purpose = models.CharField(max_length=20, choices=labels.Purpose)
    digest = models.CharField(max_length=64, unique=True)
    email = models.EmailField(max_length=254, blank=True)
    name = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=20, choices=labels.Role)
    language = models.CharField(max_length=5, blank=True)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    def is_usable(self, now: dt.datetime) -> bool:
        """Whether the link still opens: not used, not revoked, not expired."""
        return self.used_at is None and self.revoked_at is None and now < self.expires_at


class SharedLink(models.Model):
    """A revocable, expiring address that opens one page to people without an account."""

    page = models.CharField(max_length=60)
    object_id = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    def is_usable(self, now: dt.datetime) -> bool:
        """Whether the link still opens: not revoked, not expired."""
        return self.revoked_at is None and now < self.expires_at


class ApiToken(models.Model):
    """A key to the API that a person made for a tool, with the scopes they chose and their own rights at most."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    latest_use_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    def is_usable(self, now: dt.datetime) -> bool:
        """Whether the token still opens: not revoked, not expired."""
        return self.revoked_at is None and now < self.expires_at

    def __str__(self) -> str:
        return self.name


class KeptAnswer(models.Model):
    """What a request with an idempotency key was answered: the same request gets it again for a day."""

    LASTS = dt.timedelta(hours=24)

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    asked = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("token", "key"), name="a_key_is_carried_out_once_for_a_token"),
        )

    def __str__(self) -> str:
        return self.key
