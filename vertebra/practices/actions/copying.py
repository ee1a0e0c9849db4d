"""Counting that a template was copied: how often, never by whom."""

from django.db.models import F

from vertebra.practices.models import Template


def count_copy(template: Template) -> None:
    """One more copy of a template."""
    Template.objects.filter(pk=template.pk).update(copies=F("copies") + 1)
