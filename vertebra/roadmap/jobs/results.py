"""Results that come due by themselves, and are computed again when values were corrected."""

from collections.abc import Callable
from functools import partial

import structlog
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from vertebra.discovery.actions.re_asks import plan_delivery
from vertebra.kit import clock
from vertebra.kit.jobs import job
from vertebra.roadmap.actions.results import measure_result
from vertebra.roadmap.models import KeyResult
from vertebra.roadmap.queries.results import corrected, due, to_ask_again

log = structlog.get_logger("vertebra.results")


@job(words=_("Measure what came of initiatives"), apart=True)
def measure_results() -> dict[str, int]:
    """Ask again those a delivered initiative should relieve, measure what is due, and again what was corrected."""
    now = clock.now()
    done = {"asked": 0, "measured": 0, "again": 0}
    asked = set()
    for key_result in to_ask_again():
        pain_point = key_result.pain_point
        if pain_point is not None and pain_point.pk not in asked:
            asked.add(pain_point.pk)
            done["asked"] += _is_done(
                partial(plan_delivery, actor=None, pain_point=pain_point, now=now), key_result
            )
    for key_result in due(clock.today(now)):
        done["measured"] += _is_done(
            partial(measure_result, actor=None, key_result=key_result, now=now), key_result
        )
    for key_result in corrected():
        done["again"] += _is_done(
            partial(measure_result, actor=None, key_result=key_result, now=now), key_result
        )
    return done


def _is_done(act: Callable[[], object], key_result: KeyResult) -> bool:
    """Do what one key result asks for; what goes wrong with it is logged, and holds up no other."""
    try:
        with transaction.atomic():
            act()
    except Exception:
        log.exception("result_failed", key_result=key_result.pk)
        return False
    return True


def something_to_measure() -> bool:
    """Whether a result is due, values were corrected, or people have to be asked again."""
    return bool(due(clock.today())) or corrected().exists() or to_ask_again().exists()
