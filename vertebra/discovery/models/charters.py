"""What Product Ops says it is for, and the help that teams ask of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vertebra.discovery import labels


class Charter(models.Model):
    """One version of the one-page charter of Product Ops; the latest published one holds."""

    number = models.PositiveSmallIntegerField(unique=True)
    language = models.CharField(max_length=5)
    what_we_do = models.TextField(_("what we do"), max_length=4000, blank=True)
    what_we_do_not = models.TextField(_("what we do not do"), max_length=4000, blank=True)
    who_we_are = models.TextField(_("who we are"), max_length=4000, blank=True)
    how_to_ask = models.TextField(_("how to ask us"), max_length=4000, blank=True)
    what_changed = models.TextField(_("what changed after listening"), max_length=4000, blank=True)
    written_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("language",), condition=Q(published_at__isnull=True), name="one_draft_of_the_charter"
            ),
        )

    def __str__(self) -> str:
        return f"charter {self.number}"


class HelpRequest(models.Model):
    """A team asks Product Ops for help in one line; what came of it, and who carries on."""

    sentence = models.CharField(_("what you need help with"), max_length=500)
    language = models.CharField(max_length=5)
    unit = models.ForeignKey("org.Unit", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    asked_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(
        max_length=10, choices=labels.HelpState, default=labels.HelpState.ASKED, db_index=True
    )
    form = models.CharField(_("form"), max_length=10, choices=labels.HelpForm, blank=True)
    helper = models.ForeignKey(
        "org.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    held_on = models.DateField(_("on"), null=True, blank=True)
    # Of what is planned: its hour (none: the whole day), length and place, and how often calendars were told of it.
    starts_at = models.DateTimeField(null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=300, blank=True)
    sequence = models.PositiveSmallIntegerField(default=0)
    hours = models.DecimalField(_("hours it took"), max_digits=6, decimal_places=2, null=True, blank=True)
    outcome = models.TextField(_("outcome"), max_length=4000, blank=True)
    reason = models.TextField(_("reason"), max_length=2000, blank=True)
    carried_on_by = models.ForeignKey(
        "org.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    hand_back_on = models.DateField(_("handed back on"), null=True, blank=True)
    handed_back_on = models.DateField(null=True, blank=True)
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(form=labels.HelpForm.TAKEN_OVER) | Q(hand_back_on__isnull=False),
                name="what_is_taken_over_has_a_hand_back_date",
            ),
            models.CheckConstraint(
                condition=~Q(state=labels.HelpState.DECLINED) | ~Q(reason=""),
                name="declining_help_needs_a_reason",
            ),
        )

    def __str__(self) -> str:
        return self.sentence
