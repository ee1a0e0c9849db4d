"""What is sent to people: queued with the change that causes it, delivered by one job."""

from django.db import models

from vertebra.accounts import labels
from vertebra.accounts.models.users import User


class Message(models.Model):
    """Something to tell one person, in words rendered from a code at the moment it is read or sent."""

    key = models.CharField(max_length=200, unique=True)
    to_user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    to_email = models.EmailField(max_length=254, blank=True)
    language = models.CharField(max_length=5)
    template = models.CharField(max_length=60)
    particulars = models.JSONField(default=dict)
    address = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(
                fields=(
                    "to_user",
                    "-id",
                ),
                name="messages_of_a_person",
            ),
        )


class Delivery(models.Model):
    """One attempt to bring a message by one channel; claimed before it is sent."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=labels.Channel)
    state = models.CharField(
        max_length=16, choices=labels.DeliveryState, default=labels.DeliveryState.QUEUED, db_index=True
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    is_maybe_sent = models.BooleanField(default=False)
    error = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("message", "channel"), name="a_message_once_per_channel"),
        )


class ChannelChoice(models.Model):
    """Whether a person wants one channel, where the answer differs from the default (yes)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="channel_choices")
    channel = models.CharField(max_length=10, choices=labels.Channel)
    is_on = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "channel"), name="one_choice_per_person_and_channel"),
        )
