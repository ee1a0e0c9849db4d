"""What the organisation takes care of: product areas, customer journeys, hand-overs, markets, fields of action."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vertebra.kit.versions import OverTime
from vertebra.org import labels
from vertebra.sources.models import FromOutside, FromOutsideOverTime


class Area(FromOutside):
    """Something to take care of: a product area, a customer journey, or a hand-over between two."""

    kind = models.CharField(
        _("kind"), max_length=12, choices=labels.AreaKind, default=labels.AreaKind.PRODUCT
    )
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta(FromOutside.Meta):
        pass

    def __str__(self) -> str:
        return f"area {self.pk}"


class AreaVersion(OverTime):
    """An area's name, parent and description during a time."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="versions")
    name = models.CharField(_("name"), max_length=200)
    parent = models.ForeignKey(
        Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("part of")
    )
    description = models.TextField(_("description"), max_length=4000, blank=True)
    language = models.CharField(max_length=5, blank=True)

    class Meta:
        constraints = (
            *OverTime.Meta.constraints,
            models.UniqueConstraint(fields=("area", "starts_on"), name="an_area_has_one_version_per_start"),
            models.UniqueConstraint(
                fields=("area",), condition=Q(ends_on__isnull=True), name="an_area_has_one_open_version"
            ),
        )
        indexes = (
            models.Index(
                fields=(
                    "ends_on",
                    "starts_on",
                ),
                name="area_versions_of_a_day",
            ),
        )

    def __str__(self) -> str:
        return self.name


class AreaStep(models.Model):
    """A journey or a hand-over crosses an area, in an order."""

    journey = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="steps")
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")
        constraints = (
            models.UniqueConstraint(fields=("journey", "area"), name="a_journey_crosses_an_area_once"),
            models.CheckConstraint(
                condition=~Q(journey=models.F("area")), name="a_journey_does_not_cross_itself"
            ),
        )

    def __str__(self) -> str:
        return f"step {self.position} of area {self.journey_id}"


class Market(FromOutside):
    """A country or a segment that the company sells to."""

    name = models.CharField(_("name"), max_length=200)
    code = models.CharField(_("code"), max_length=20, blank=True)
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    class Meta(FromOutside.Meta):
        pass

    def __str__(self) -> str:
        return self.name


class Field(models.Model):
    """A field of action of Product Ops, the company's own to name."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    domains = models.JSONField(_("what it covers"), default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    archived_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("position", "id")

    def __str__(self) -> str:
        return self.name


class Ownership(OverTime, FromOutsideOverTime):
    """A unit takes care of an area or a market."""

    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="ownerships")
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="ownerships")
    market = models.ForeignKey(
        Market, null=True, blank=True, on_delete=models.PROTECT, related_name="ownerships"
    )

    class Meta:
        constraints = (
            *OverTime.Meta.constraints,
            *FromOutsideOverTime.Meta.constraints,
            models.CheckConstraint(
                condition=Q(area__isnull=False, market__isnull=True)
                | Q(area__isnull=True, market__isnull=False),
                name="ownership_is_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=("unit", "area"),
                condition=Q(ends_on__isnull=True, area__isnull=False),
                name="a_unit_owns_an_area_once",
            ),
            models.UniqueConstraint(
                fields=("unit", "market"),
                condition=Q(ends_on__isnull=True, market__isnull=False),
                name="a_unit_owns_a_market_once",
            ),
        )
        indexes = (
            models.Index(
                fields=(
                    "area",
                    "ends_on",
                ),
                name="owners_of_an_area",
            ),
        )
