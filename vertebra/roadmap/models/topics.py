"""Topics of the field: what is put to the directors, who stands behind each, what was decided."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from vertebra.roadmap.labels import topics as labels


class Topic(models.Model):
    """Something the field wants the directors to look at; its counts come from what shows it."""

    title = models.CharField(_("topic"), max_length=200)
    description = models.TextField(_("what happens, for whom"), max_length=4000, blank=True)
    language = models.CharField(_("language"), max_length=5)
    state = models.CharField(
        max_length=8, choices=labels.TopicState, default=labels.TopicState.RAISED, db_index=True
    )
    origin_kind = models.CharField(max_length=30, blank=True)
    origin_id = models.BigIntegerField(null=True)
    field = models.ForeignKey(
        "org.Field",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("field of action"),
    )
    objective = models.ForeignKey(
        "roadmap.Objective",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="topics",
        verbose_name=_("objective it serves"),
    )
    effort_days = models.PositiveSmallIntegerField(_("days of work, roughly"), null=True, blank=True)
    is_quick_win = models.BooleanField(_("quick win"), default=False)
    people_count = models.PositiveIntegerField(default=0)
    team_count = models.PositiveIntegerField(default=0)
    function_count = models.PositiveIntegerField(default=0)
    severity = models.PositiveSmallIntegerField(default=0)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="joined")
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("origin_kind", "origin_id"),
                condition=~Q(origin_kind="") & Q(archived_at__isnull=True),
                name="an_object_is_one_topic",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="a_topic_is_not_joined_to_itself",
            ),
        )
        indexes = (models.Index(fields=("-people_count", "-id"), name="topics_by_size"),)

    def __str__(self) -> str:
        return self.title


class Voice(models.Model):
    """Somebody raised or relayed a topic, and is answered once per decision; without an account, by a sealed address."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="voices")
    kind = models.CharField(max_length=8, choices=labels.VoiceKind, default=labels.VoiceKind.RAISED)
    person = models.ForeignKey("org.Person", null=True, on_delete=models.CASCADE, related_name="+")
    sealed_address = models.TextField(blank=True)
    language = models.CharField(max_length=5)
    since_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("topic", "person"),
                condition=Q(person__isnull=False),
                name="a_person_backs_a_topic_once",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(sealed_address=""), name="a_voice_can_be_answered"
            ),
        )

    def __str__(self) -> str:
        return f"voice {self.pk} of topic {self.topic_id}"


class Decision(models.Model):
    """What was decided of a topic: why, against what, with which dissent, by whom; never edited, only followed by another.

    `other_words` says what and why again in other languages, so that each is answered in theirs.
    """

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="decisions")
    cycle = models.ForeignKey("roadmap.Cycle", null=True, on_delete=models.PROTECT, related_name="decisions")
    verdict = models.CharField(_("decision"), max_length=9, choices=labels.Verdict)
    what = models.TextField(_("what is decided"), max_length=2000)
    why = models.TextField(_("why"), max_length=4000)
    alternatives = models.TextField(_("what else was considered"), max_length=4000, blank=True)
    dissent = models.TextField(_("who sees it otherwise, and why"), max_length=4000, blank=True)
    language = models.CharField(max_length=5)
    other_words = models.JSONField(default=dict, blank=True)
    decided_by = models.ManyToManyField("org.Person", blank=True, related_name="+")
    decided_on = models.DateField(_("decided on"))
    displaces = models.ManyToManyField(Topic, blank=True, related_name="displaced_by")
    is_mid_cycle = models.BooleanField(default=False)
    replaces = models.OneToOneField("self", null=True, on_delete=models.SET_NULL, related_name="replaced_by")
    published_at = models.DateTimeField(null=True, db_index=True)
    made_by = models.ForeignKey("accounts.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=~Q(why=""), name="a_decision_has_a_reason"),)

    def __str__(self) -> str:
        return f"decision {self.pk}"


class Answer(models.Model):
    """One voice was told one decision, once."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="answers")
    voice = models.ForeignKey(Voice, on_delete=models.CASCADE, related_name="answers")
    told_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("decision", "voice"), name="a_voice_is_answered_once"),
        )

    def __str__(self) -> str:
        return f"answer {self.pk}"
