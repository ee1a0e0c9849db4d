"""Which unit the work items of a source belong to: by team, label, component or project."""

from vertebra.evidence.models import WorkPlace

# What it is in the tool (project, component, label, team), its name there, the unit that it belongs to.
Place = tuple[str, str, int]


def places_of(source_id: int) -> list[Place]:
    """Where the work of a source belongs, as far as somebody said so."""
    rows = WorkPlace.objects.filter(source=source_id, is_mapped=True, unit__isnull=False).order_by("pk")
    return list(rows.values_list("way", "value", "unit"))
