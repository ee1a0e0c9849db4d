"""Concluding diagnoses whose answering is over."""

from django.utils.translation import gettext_lazy as _

from vertebra.discovery.actions.diagnoses import conclude_diagnosis
from vertebra.discovery.queries.diagnosis_results import ready
from vertebra.kit import clock
from vertebra.kit.jobs import job


@job(words=_("Conclude diagnoses that people have answered"), apart=True)
def conclude_diagnoses() -> int:
    """Conclude every diagnosis whose survey has closed; how many there were."""
    found = list(ready()[:50])
    for diagnosis in found:
        conclude_diagnosis(actor=None, diagnosis=diagnosis, now=clock.now())
    return len(found)


def something_to_conclude() -> bool:
    """Whether the survey of a diagnosis has closed."""
    return ready().exists()
