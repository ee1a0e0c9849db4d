"""Words of transverse projects, playbooks and launches."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class StepState(TextChoices):
    TO_DO = "to_do", pgettext_lazy("step", "to do")
    STARTED = "started", pgettext_lazy("step", "under way")
    DONE = "done", pgettext_lazy("step", "done")
    SKIPPED = "skipped", pgettext_lazy("step", "not needed here")


class GateState(TextChoices):
    WAITING = "waiting", pgettext_lazy("gate", "to pass")
    PASSED = "passed", pgettext_lazy("gate", "passed")
    REFUSED = "refused", pgettext_lazy("gate", "not passed")


class Readiness(TextChoices):
    READY = "ready", pgettext_lazy("readiness", "ready")
    WITH_RISKS = "with_risks", pgettext_lazy("readiness", "ready, with risks")
    NOT_READY = "not_ready", pgettext_lazy("readiness", "not ready")


class Parity(TextChoices):
    """How much of a feature a market has."""

    ABSENT = "absent", pgettext_lazy("parity", "absent")
    PLANNED = "planned", pgettext_lazy("parity", "planned")
    PARTIAL = "partial", pgettext_lazy("parity", "in part")
    FULL = "full", pgettext_lazy("parity", "whole")
    NOT_NEEDED = "not_needed", pgettext_lazy("parity", "not needed here")


STEP_TONES = {"to_do": "neutral", "started": "accent", "done": "good", "skipped": "neutral"}
GATE_TONES = {"waiting": "attention", "passed": "good", "refused": "harm"}
READINESS_TONES = {"ready": "good", "with_risks": "attention", "not_ready": "harm"}
PARITY_TONES = {
    "absent": "attention",
    "planned": "accent",
    "partial": "accent",
    "full": "good",
    "not_needed": "neutral",
}
