"""What is sent to people: queued with the change that causes it, delivered by jobs."""

from django.db import models
from django.db.models import Q

from vertebra.accounts import labels
from vertebra.accounts.models.reach import ChatConnection
from vertebra.accounts.models.users import User


class Letter(models.Model):
    """One text told to many, in each language; `words` is `{language: {"subject": …, "body": Markdown}}`.

    A letter that corrects another replaces it for those who were not told yet; `stopped_at` holds it back from them.
    """

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=labels.MessageKind)
    words = models.JSONField(default=dict)
    address = models.CharField(max_length=500, blank=True)
    corrects = models.OneToOneField("self", null=True, on_delete=models.CASCADE, related_name="corrected_by")
    created_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(corrects__isnull=True) | ~Q(corrects=models.F("id")),
                name="a_letter_does_not_correct_itself",
            ),
        )

    def __str__(self) -> str:
        return self.key


class Message(models.Model):
    """Something to tell one person or one room, in words rendered at the moment it is read or sent."""

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=labels.MessageKind, default=labels.MessageKind.FOR_ME)
    to_user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    to_email = models.EmailField(max_length=254, blank=True)
    to_chat = models.ForeignKey(ChatConnection, null=True, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=5)
    letter = models.ForeignKey(Letter, null=True, on_delete=models.CASCADE, related_name="messages")
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
    """A message brought by one channel: taken in batches, claimed alone before it is sent.

    `claimed_by` names the round of a worker that holds it; `is_bulk` lets what is told to one person go first.
    """

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=labels.Channel)
    state = models.CharField(
        max_length=16, choices=labels.DeliveryState, default=labels.DeliveryState.QUEUED, db_index=True
    )
    is_bulk = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=32, blank=True)
    sent_at = models.DateTimeField(null=True)
    is_maybe_sent = models.BooleanField(default=False)
    digest = models.ForeignKey(Message, null=True, on_delete=models.SET_NULL, related_name="gathered")
    error = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("message", "channel"), name="a_message_once_per_channel"),
        )
        indexes = (
            models.Index(
                fields=(
                    "channel",
                    "state",
                    "is_bulk",
                    "id",
                ),
                name="deliveries_in_their_turn",
            ),
        )


class MailStop(models.Model):
    """An address that gets no more mail of a kind (of any, without one): its owner said so, or it keeps coming back."""

    AFTER_BOUNCES = 3

    email = models.EmailField(max_length=254)
    kind = models.CharField(max_length=20, choices=labels.MessageKind, blank=True)
    reason = models.CharField(max_length=12, choices=labels.StopReason)
    count = models.PositiveSmallIntegerField(default=1)
    detail = models.CharField(max_length=300, blank=True)
    latest_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("email", "kind", "reason"), name="an_address_is_stopped_once_per_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.email}: {self.reason}"
