"""Words of evidence: kinds and states of surveys, kinds of questions, how answers are grouped."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SurveyKind(TextChoices):
    PULSE = "pulse", _("Pulse")
    RE_ASK = "re_ask", _("Re-ask")
    DIAGNOSIS = "diagnosis", _("Diagnosis")
    IMPORTED = "imported", pgettext_lazy("survey", "Imported")
    REVIEW = "review", pgettext_lazy("survey", "Review")


class SurveyState(TextChoices):
    DRAFT = "draft", pgettext_lazy("survey", "draft")
    OPEN = "open", pgettext_lazy("survey", "open")
    CLOSED = "closed", pgettext_lazy("survey", "closed")


class QuestionKind(TextChoices):
    SCALE = "scale", _("0 to 10")
    AGREEMENT = "agreement", _("agreement, 1 to 5")
    SHARE = "share", _("share of time, in %")
    ONE = "one", _("one choice")
    SEVERAL = "several", _("several choices")
    TEXT = "text", _("free text")


class Cut(TextChoices):
    """What answers of a survey may be told apart by: chosen before it opens, never after."""

    UNIT = "unit", _("by unit")
    FUNCTION = "function", _("by function")


SURVEY_TONES = {"draft": "neutral", "open": "accent", "closed": "good"}


class IncidentSeverity(TextChoices):
    MINOR = "minor", pgettext_lazy("incident", "minor")
    MAJOR = "major", pgettext_lazy("incident", "major")
    CRITICAL = "critical", pgettext_lazy("incident", "critical")


class MomentKind(TextChoices):
    """What a line of an incident's timeline says."""

    NOTICED = "noticed", pgettext_lazy("incident", "noticed")
    FOUND = "found", pgettext_lazy("incident", "cause found")
    TOLD = "told", pgettext_lazy("incident", "told")
    MITIGATED = "mitigated", pgettext_lazy("incident", "under control")
    RESOLVED = "resolved", pgettext_lazy("incident", "ended")
    NOTE = "note", pgettext_lazy("incident", "note")


SEVERITY_TONES = {"minor": "neutral", "major": "attention", "critical": "harm"}


class Weight(TextChoices):
    """Which incidents a figure counts."""

    SERIOUS = "serious", pgettext_lazy("incidents", "major and critical")
    ALL = "all", pgettext_lazy("incidents", "all")
    MINOR = "minor", pgettext_lazy("incidents", "minor only")
    MAJOR = "major", pgettext_lazy("incidents", "major only")
    CRITICAL = "critical", pgettext_lazy("incidents", "critical only")


# What a comparison before and after says, and its colour.
VERDICTS = {
    "better": _("better"),
    "worse": _("worse"),
    "unclear": _("may be chance"),
    "too_few": _("too few to tell"),
}
VERDICT_TONES = {"better": "good", "worse": "attention", "unclear": "neutral", "too_few": "neutral"}


class WorkCategory(TextChoices):
    """Where a work item stands, whatever its tool calls it."""

    TODO = "todo", pgettext_lazy("work item", "to do")
    DOING = "doing", pgettext_lazy("work item", "under way")
    WAITING = "waiting", pgettext_lazy("work item", "waits")
    DONE = "done", pgettext_lazy("work item", "done")


# What a trail holds, in the order in which it is told.
TRAIL_TABLES = {
    "items": _("work items"),
    "changes": _("changes of work items"),
    "links": _("ties between work items"),
    "sprints": _("sprints"),
}


class PlaceWay(TextChoices):
    """What of a tool tells whose work something is; the later ones tell more exactly."""

    PROJECT = "project", _("project")
    COMPONENT = "component", _("component")
    LABEL = "label", pgettext_lazy("of a work item", "label")
    TEAM = "team", pgettext_lazy("of a work item", "team")


class FlowGrain(TextChoices):
    MONTH = "month", _("month")
    WEEK = "week", _("week")
