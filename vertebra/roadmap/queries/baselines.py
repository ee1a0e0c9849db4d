"""Where things stood before an initiative started."""

from vertebra.roadmap.models import Initiative, KeyResult


def has_baseline(initiative: Initiative) -> bool:
    """Whether what the initiative should move was looked at before it starts."""
    return KeyResult.objects.filter(initiative=initiative, fixed_at__isnull=False).exists()
