"""Jobs of ratios: counting them from the directory."""

from django.utils.translation import gettext_lazy as _

from vertebra.kit import clock
from vertebra.kit.jobs import job
from vertebra.measures.actions.ratios import record_ratios
from vertebra.measures.models import RatioRule


@job(words=_("Count ratios from the directory"), apart=True)
def count_ratios() -> int:
    """Count every ratio that the company watches."""
    return record_ratios(actor=None, now=clock.now())


def is_ratio_watched() -> bool:
    """Whether the company watches a ratio."""
    return RatioRule.objects.filter(archived_at__isnull=True).exists()
