"""Units of any depth, and what each was called, was for and belonged to, over time."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from vertebra.kit.versions import OverTime
from vertebra.org import labels
from vertebra.sources.models import FromOutside


class UnitKind(models.Model):
    """A kind of unit in this company (tribe, team, chapter…): data, not code."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=100, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_team = models.BooleanField(default=False)

    class Meta:
        ordering = ("position", "slug")

    def __str__(self) -> str:
        return self.name or str(labels.UNIT_KINDS.get(self.slug, self.slug))


class Unit(FromOutside):
    """A lasting part of the organisation, whatever it is called this year."""

    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta(FromOutside.Meta):
        pass

    def __str__(self) -> str:
        return f"unit {self.pk}"


class UnitVersion(OverTime):
    """A unit's name, kind, parent and purpose during a time."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="versions")
    name = models.CharField(_("name"), max_length=200)
    kind = models.ForeignKey(UnitKind, on_delete=models.PROTECT, related_name="+", verbose_name=_("kind"))
    parent = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("belongs to")
    )
    purpose = models.TextField(_("what we are for"), max_length=4000, blank=True)
    how_to_work = models.TextField(_("how to work with us"), max_length=8000, blank=True)
    language = models.CharField(max_length=5, blank=True)

    class Meta:
        constraints = (
            *OverTime.Meta.constraints,
            models.UniqueConstraint(fields=("unit", "starts_on"), name="a_unit_has_one_version_per_start"),
            models.UniqueConstraint(
                fields=("unit",), condition=models.Q(ends_on__isnull=True), name="a_unit_has_one_open_version"
            ),
        )
        indexes = (
            models.Index(
                fields=(
                    "ends_on",
                    "starts_on",
                ),
                name="unit_versions_of_a_day",
            ),
        )

    def __str__(self) -> str:
        return self.name
