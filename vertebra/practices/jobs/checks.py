"""Jobs of checks: trying one on the past, counting what those that are on point at, finding habits."""

from django.utils.translation import gettext_lazy as _

from vertebra.kit import clock
from vertebra.kit.jobs import job
from vertebra.practices.labels.checks import TrialState
from vertebra.practices.models import Check, CheckTrial
from vertebra.practices.queries import looking


@job(words=_("Try a check on the past"), attempts=2, apart=True)
def try_check(trial_id: int) -> str:
    """Try a check on the past; one whose check is gone, or that was done, is left alone."""
    trial = CheckTrial.objects.select_related("check_row").filter(pk=trial_id).first()
    if trial is None or trial.state != TrialState.WAITING:
        return ""
    return str(looking.try_on_past(trial, clock.now()).state)


@job(words=_("Count what checks point at"), apart=True)
def count_checks() -> dict[str, int]:
    """Count what every check that is on points at, in each unit."""
    return looking.count_all(clock.now())


def is_check_on() -> bool:
    """Whether a check is on."""
    return Check.objects.filter(on_since__isnull=False, archived_at=None).exists()


@job(words=_("Look for habits in the history of work items"), attempts=1, apart=True)
def find_habits() -> int:
    """Find habits to offer as rules; how many were found."""
    return looking.find_habits(clock.now())
