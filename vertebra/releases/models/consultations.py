"""Consultations of champions: what is asked, what they answered and its minutes, what they passed on, heads-ups."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from vertebra.releases.labels import consultations as labels


class Consultation(models.Model):
    """Somebody who designs asks champions what it changes for their trade, by a day."""

    title = models.CharField(_("about what"), max_length=200)
    details = models.TextField(_("what you need to know"), max_length=8000, blank=True)
    questions = models.TextField(_("questions"), max_length=4000, blank=True)
    language = models.CharField(_("language"), max_length=5)
    release = models.ForeignKey(
        "releases.Release", null=True, blank=True, on_delete=models.SET_NULL, related_name="consultations"
    )
    initiative = models.ForeignKey(
        "roadmap.Initiative", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    area = models.ForeignKey(
        "org.Area", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("area")
    )
    market = models.ForeignKey(
        "org.Market",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("market"),
    )
    asked_by = models.ForeignKey("org.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    due_on = models.DateField(_("answers wanted by"))
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.TextField(_("what became of it"), max_length=4000, blank=True)

    class Meta:
        indexes = (models.Index(fields=("closed_at", "due_on", "id"), name="consultations_by_day"),)

    def __str__(self) -> str:
        return self.title


class ConsultationAsk(models.Model):
    """One champion is asked once, by a link of their own, and reminded once at most."""

    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="asks")
    mandate = models.ForeignKey("org.Mandate", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("org.Person", on_delete=models.CASCADE, related_name="+")
    reasons = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=8, choices=labels.AskState, default=labels.AskState.WAITING)
    digest = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("consultation", "person"), name="a_champion_is_asked_once_per_consultation"
            ),
        )
        indexes = (models.Index(fields=("person", "state"), name="consultations_of_a_champion"),)

    def __str__(self) -> str:
        return f"ask {self.pk} of consultation {self.consultation_id}"


class ConsultationAnswer(models.Model):
    """What a champion answered under their own name, and the minutes it took (seen by them and Product Ops only)."""

    ask = models.OneToOneField(ConsultationAsk, on_delete=models.CASCADE, related_name="answer")
    impact = models.CharField(_("what it changes for us"), max_length=4, choices=labels.Impact)
    readiness = models.TextField(_("what we need to be ready"), max_length=2000, blank=True)
    words = models.TextField(_("answers and questions"), max_length=4000, blank=True)
    language = models.CharField(max_length=5)
    minutes = models.PositiveSmallIntegerField(_("minutes it took"), default=labels.USUAL_MINUTES)
    answered_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"answer {self.pk}"


class Relay(models.Model):
    """Something a champion passed on, to their trade or to those who build, and what became of it."""

    mandate = models.ForeignKey("org.Mandate", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey("org.Person", on_delete=models.CASCADE, related_name="+")
    release = models.ForeignKey(
        "releases.Release", null=True, blank=True, on_delete=models.SET_NULL, related_name="relays"
    )
    topic = models.ForeignKey(
        "roadmap.Topic", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    line = models.CharField(_("what you passed on"), max_length=500)
    language = models.CharField(max_length=5)
    minutes = models.PositiveSmallIntegerField(_("minutes it took"), default=0)
    became = models.CharField(_("what became of it"), max_length=500, blank=True)
    passed_at = models.DateTimeField()

    class Meta:
        ordering = ("-passed_at", "-id")
        indexes = (models.Index(fields=("person", "-passed_at"), name="relays_of_a_champion"),)

    def __str__(self) -> str:
        return self.line


class HeadsUp(models.Model):
    """One message to those whom something concerns, before there is any release: “whom do I tell?”, sent."""

    words = models.TextField(_("what they should know"), max_length=4000)
    web_address = models.URLField(_("address"), max_length=500, blank=True)
    language = models.CharField(max_length=5)
    sent_by = models.ForeignKey("org.Person", null=True, on_delete=models.SET_NULL, related_name="+")
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"heads-up {self.pk}"


class HeadsUpTo(models.Model):
    """Somebody was told by a heads-up, for which reasons."""

    heads_up = models.ForeignKey(HeadsUp, on_delete=models.CASCADE, related_name="told")
    person = models.ForeignKey("org.Person", on_delete=models.CASCADE, related_name="+")
    mandate = models.ForeignKey("org.Mandate", null=True, on_delete=models.SET_NULL, related_name="+")
    reasons = models.JSONField(default=list, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("heads_up", "person"), name="a_heads_up_tells_a_person_once"),
        )

    def __str__(self) -> str:
        return f"person {self.person_id} told by heads-up {self.heads_up_id}"
