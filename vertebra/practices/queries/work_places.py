"""Which unit the work items of a source belong to: by project, component or label."""

from importlib import import_module

# A part of an item (project, component, label), its name in the tool, the unit that it belongs to.
Place = tuple[str, str, int]


def places_of(source_id: int) -> list[Place]:
    """Where the work of a source belongs; nothing as long as nobody said so."""
    try:
        mapping = import_module("vertebra.evidence.queries.work_places")
    except ModuleNotFoundError:
        return []
    return list(mapping.places_of(source_id))
