"""What imported and connected rows become, by code: what each module says it takes in."""

from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

# What reads files is loaded when somebody imports some, not at every start.
_TARGETS = (
    "vertebra.org.importing.target.TARGETS",
    "vertebra.measures.importing.target.TARGETS",
    "vertebra.roadmap.importing.target.TARGETS",
    "vertebra.practices.importing.target.TARGETS",
    "vertebra.releases.importing.target.TARGETS",
    "vertebra.evidence.importing.target.TARGETS",
)
TARGETS = SimpleLazyObject(
    lambda: {code: one for path in _TARGETS for code, one in import_string(path).items()}
)
