"""Audiences: who is to be told, by rules over the organisation, so that the list is right on the day."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.Model):
    """A named part of the organisation, by rules.

    `rules` is `{"any": [condition, …], "except": [condition, …]}`: somebody is in it who meets one condition of the
    first list and none of the second; a condition holds keys of `labels.audiences.CONDITIONS`, all of which must hold,
    each with alternatives. No conditions at all: nobody; `{"any": [{}]}`: everybody.
    """

    name = models.CharField(_("name"), max_length=120)
    description = models.CharField(_("for what"), max_length=300, blank=True)
    rules = models.JSONField(default=dict, blank=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("name",),
                condition=models.Q(archived_at__isnull=True),
                name="an_audience_in_use_has_a_name_of_its_own",
            ),
        )

    def __str__(self) -> str:
        return self.name


class ReleaseAudience(models.Model):
    """A release is for an audience."""

    release = models.ForeignKey("releases.Release", on_delete=models.CASCADE, related_name="audiences")
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="releases")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("release", "audience"), name="a_release_once_per_audience"),
        )

    def __str__(self) -> str:
        return f"release {self.release_id} for audience {self.audience_id}"
