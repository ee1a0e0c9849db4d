"""People, with or without an account, where they work and what they hold a mandate for."""

import datetime as dt
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext_lazy as _

from vertebra.kit.versions import OverTime
from vertebra.org import labels
from vertebra.sources.models import FromOutside, FromOutsideOverTime


class PersonQuerySet(models.QuerySet[Any]):
    """People, and who of them is there on a day."""

    def present_on(self, day: dt.date) -> Self:
        """Who has joined by that day, as far as we know, and has not left."""
        joined = Q(joined_on__isnull=True) | Q(joined_on__lte=day)
        return self.filter(joined, Q(left_on__isnull=True) | Q(left_on__gt=day))


class Person(FromOutside):
    """Somebody of the organisation; `manager_reference` keeps a manager's name that nobody here bears."""

    name = models.CharField(_("name"), max_length=200)
    name_folded = models.CharField(max_length=200, editable=False)
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    handle = models.CharField(_("login"), max_length=100, blank=True, db_index=True)
    title = models.CharField(_("job title"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=5, blank=True)
    country = models.CharField(_("country"), max_length=60, blank=True)
    joined_on = models.DateField(_("joined on"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    manager = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="reports",
        verbose_name=_("manager"),
    )
    manager_reference = models.CharField(max_length=200, blank=True)
    user = models.OneToOneField(
        "accounts.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    archived_at = models.DateTimeField(null=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        constraints = (
            *FromOutside.Meta.constraints,
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="a_person_per_email"),
        )
        indexes = (
            models.Index(
                fields=(
                    "name_folded",
                    "id",
                ),
                name="people_by_name",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def is_present(self, day: dt.date) -> bool:
        """Whether the person is there on that day, as far as we know."""
        return (self.joined_on is None or self.joined_on <= day) and (
            self.left_on is None or day < self.left_on
        )


class Membership(OverTime, FromOutsideOverTime):
    """Somebody works in a unit, in a function, for a share of their time."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="memberships")
    function = models.CharField(
        _("function"), max_length=20, choices=labels.Function, default=labels.Function.OTHER
    )
    title = models.CharField(_("title there"), max_length=200, blank=True)
    share = models.PositiveSmallIntegerField(
        _("share of time (%)"), default=100, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )

    class Meta:
        constraints = (
            *OverTime.Meta.constraints,
            *FromOutsideOverTime.Meta.constraints,
            models.CheckConstraint(
                condition=Q(share__gte=1, share__lte=100), name="membership_share_is_a_percentage"
            ),
            models.UniqueConstraint(
                fields=("person", "unit", "function"),
                condition=Q(ends_on__isnull=True),
                name="one_open_membership_per_person_unit_and_function",
            ),
        )
        indexes = (
            models.Index(
                fields=(
                    "unit",
                    "ends_on",
                    "starts_on",
                    "function",
                    "person",
                ),
                name="members_of_a_unit",
            ),
            models.Index(
                fields=(
                    "person",
                    "ends_on",
                ),
                name="units_of_a_person",
            ),
        )


def _or_none(column: str) -> Coalesce:
    """The id that the column holds, or zero, so that two rows without one are alike."""
    return Coalesce(models.F(column), 0, output_field=models.BigIntegerField())


# What makes two mandates the same, but for who holds them.
_SAME_OFFICE = ("role", "function", "title", _or_none("unit"), _or_none("area"), _or_none("market"))


class Mandate(OverTime, FromOutsideOverTime):
    """Somebody answers for a unit, an area or a market; `reference` keeps a named holder nobody here bears."""

    role = models.CharField(_("role"), max_length=20, choices=labels.MandateRole)
    title = models.CharField(_("the company's word for it"), max_length=200, blank=True)
    function = models.CharField(_("function"), max_length=20, choices=labels.Function, blank=True)
    person = models.ForeignKey(
        Person,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="mandates",
        verbose_name=_("person"),
    )
    reference = models.CharField(max_length=200, blank=True)
    is_acting = models.BooleanField(_("acting"), default=False)
    unit = models.ForeignKey(
        "org.Unit", null=True, blank=True, on_delete=models.PROTECT, related_name="mandates"
    )
    area = models.ForeignKey(
        "org.Area", null=True, blank=True, on_delete=models.PROTECT, related_name="mandates"
    )
    market = models.ForeignKey(
        "org.Market", null=True, blank=True, on_delete=models.PROTECT, related_name="mandates"
    )
    hours_per_month = models.PositiveSmallIntegerField(_("hours a month"), null=True, blank=True)

    class Meta:
        constraints = (
            *OverTime.Meta.constraints,
            *FromOutsideOverTime.Meta.constraints,
            models.CheckConstraint(
                condition=Q(unit__isnull=False, area__isnull=True, market__isnull=True)
                | Q(unit__isnull=True, area__isnull=False, market__isnull=True)
                | Q(unit__isnull=True, area__isnull=True, market__isnull=False),
                name="mandate_is_for_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(reference=""), name="mandate_names_somebody"
            ),
            models.UniqueConstraint(
                "person",
                *_SAME_OFFICE,
                condition=Q(ends_on__isnull=True, person__isnull=False),
                name="a_person_holds_an_open_mandate_once",
            ),
            models.UniqueConstraint(
                "reference",
                *_SAME_OFFICE,
                condition=Q(ends_on__isnull=True, person__isnull=True),
                name="a_named_holder_holds_an_open_mandate_once",
            ),
        )
        indexes = (
            models.Index(
                fields=(
                    "unit",
                    "ends_on",
                    "role",
                ),
                name="mandates_of_a_unit",
            ),
            models.Index(
                fields=(
                    "person",
                    "ends_on",
                ),
                name="mandates_of_a_person",
            ),
            models.Index(
                fields=(
                    "role",
                    "ends_on",
                ),
                name="mandates_by_role",
            ),
        )
