"""Results that come due by themselves, and are computed again when values were corrected."""

from django.utils.translation import gettext_lazy as _

from vertebra.discovery.actions.re_asks import plan_delivery
from vertebra.kit import clock
from vertebra.kit.jobs import job
from vertebra.roadmap.actions.results import measure_result
from vertebra.roadmap.queries.results import corrected, due, to_ask_again


@job(words=_("Measure what came of initiatives"))
def measure_results() -> dict[str, int]:
    """Ask again those a delivered initiative should relieve, measure what is due, and again what was corrected."""
    now = clock.now()
    done = {"asked": 0, "measured": 0, "again": 0}
    asked = set()
    for key_result in to_ask_again():
        pain_point = key_result.pain_point
        if pain_point is not None and pain_point.pk not in asked:
            asked.add(pain_point.pk)
            plan_delivery(actor=None, pain_point=pain_point, now=now)
            done["asked"] += 1
    for key_result in due(clock.today(now)):
        measure_result(actor=None, key_result=key_result, now=now)
        done["measured"] += 1
    for key_result in corrected():
        measure_result(actor=None, key_result=key_result, now=now)
        done["again"] += 1
    return done


def something_to_measure() -> bool:
    """Whether a result is due, values were corrected, or people have to be asked again."""
    return bool(due(clock.today())) or corrected().exists() or to_ask_again().exists()
