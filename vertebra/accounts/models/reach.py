"""How people want to be reached, and by which chat tools they can be."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vertebra.accounts import labels
from vertebra.accounts.models.users import User


class ChatConnection(models.Model):
    """A chat tool that is connected: one room by its webhook, or an app that writes to rooms and to people.

    The secret (the address of the webhook, or the token of the app) is sealed and never shown again; so is that of its
    command, by which what people ask there is known to come from the tool.
    """

    name = models.CharField(_("name"), max_length=100)
    tool = models.CharField(_("tool"), max_length=10, choices=labels.Channel)
    way = models.CharField(_("way"), max_length=10, choices=labels.ChatWay, default=labels.ChatWay.WEBHOOK)
    sealed = models.TextField()
    sealed_command = models.TextField(blank=True)
    room = models.CharField(_("room"), max_length=100, blank=True)
    language = models.CharField(_("language"), max_length=5, default="fr")
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=60, blank=True)
    error_at = models.DateTimeField(null=True)
    waits_until = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(tool__in=labels.CHAT_CHANNELS), name="a_chat_is_connected_by_a_chat_tool"
            ),
            models.UniqueConstraint(
                fields=("tool",),
                condition=Q(way="app", archived_at__isnull=True),
                name="one_app_in_use_per_tool",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def takes_commands(self) -> bool:
        """Whether people can ask from there: the tool says who asks, and proves that it is the tool."""
        is_app = self.tool == labels.Channel.SLACK and self.way == labels.ChatWay.APP
        return is_app or self.tool == labels.Channel.MATTERMOST

    @property
    def takes_presses(self) -> bool:
        """Whether what is pressed there comes back to us."""
        return bool(self.sealed_command) and self.tool == labels.Channel.SLACK


class ChatAddress(models.Model):
    """What a chat tool calls somebody, looked up by their e-mail; empty when it does not know them."""

    connection = models.ForeignKey(ChatConnection, on_delete=models.CASCADE, related_name="addresses")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    address = models.CharField(max_length=60, blank=True)
    found_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("connection", "user"), name="a_person_has_one_address_per_chat"),
        )

    def __str__(self) -> str:
        return self.address


class ChannelChoice(models.Model):
    """Whether and how often somebody wants one channel for a kind of message, where it differs from the default.

    Without a kind it speaks of all kinds, and only `is_on` counts; without a person it is the company's default.
    """

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="channel_choices")
    kind = models.CharField(max_length=20, choices=labels.MessageKind, blank=True)
    channel = models.CharField(max_length=10, choices=labels.Channel)
    is_on = models.BooleanField(default=True)
    pace = models.CharField(max_length=10, choices=labels.Pace, default=labels.Pace.AT_ONCE)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("user", "kind", "channel"), name="one_choice_per_person_kind_and_channel"
            ),
            models.UniqueConstraint(
                fields=("kind", "channel"),
                condition=Q(user__isnull=True),
                name="one_default_per_kind_and_channel",
            ),
        )


class Rhythm(models.Model):
    """When somebody is left in peace and when their digest comes; without a person, the company's default."""

    DIGEST_AT = dt.time(8, 30)

    user = models.OneToOneField(User, null=True, on_delete=models.CASCADE, related_name="rhythm")
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    digest_at = models.TimeField(_("digest at"), default=DIGEST_AT)
    digest_day = models.PositiveSmallIntegerField(_("day of the weekly digest"), default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_begin_and_end",
            ),
            models.CheckConstraint(
                condition=Q(digest_day__lte=6), name="a_digest_comes_on_a_day_of_the_week"
            ),
        )
