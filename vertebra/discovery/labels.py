"""Words of discovery: states of interviews, pain points, audits, help requests; stances; what a diagnosis says."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class HelpState(TextChoices):
    ASKED = "asked", pgettext_lazy("help request", "asked")
    ACCEPTED = "accepted", pgettext_lazy("help request", "under way")
    DONE = "done", pgettext_lazy("help request", "done")
    DECLINED = "declined", pgettext_lazy("help request", "declined")


class HelpForm(TextChoices):
    """What the help turned into."""

    SESSION = "session", _("session")
    WORKSHOP = "workshop", _("workshop")
    TAKEN_OVER = "taken_over", _("taken over by Product Ops for a time")


class CampaignState(TextChoices):
    DRAFT = "draft", pgettext_lazy("campaign", "draft")
    OPEN = "open", pgettext_lazy("campaign", "under way")
    CLOSED = "closed", pgettext_lazy("campaign", "closed")


class InviteState(TextChoices):
    """Where somebody to hear stands."""

    PLANNED = "planned", pgettext_lazy("to hear", "to invite")
    INVITED = "invited", pgettext_lazy("to hear", "invited")
    AGREED = "agreed", pgettext_lazy("to hear", "date set")
    HEARD = "heard", pgettext_lazy("to hear", "heard")
    DECLINED = "declined", pgettext_lazy("to hear", "would rather not")


CAMPAIGN_TONES = {"draft": "attention", "open": "accent", "closed": "neutral"}
STAND_TONES = {
    "planned": "neutral",
    "invited": "attention",
    "agreed": "accent",
    "heard": "good",
    "declined": "neutral",
}


class InterviewState(TextChoices):
    PLANNED = "planned", pgettext_lazy("interview", "planned")
    HELD = "held", pgettext_lazy("interview", "held")
    CANCELLED = "cancelled", pgettext_lazy("interview", "cancelled")


# Not kept: a conversation planned for today whose hour has come.
UNDER_WAY = "under_way"
INTERVIEW_WORDS = {**dict(InterviewState.choices), UNDER_WAY: pgettext_lazy("interview", "under way")}


class Consent(TextChoices):
    UNASKED = "unasked", _("not asked yet")
    GIVEN = "given", _("agrees to be quoted without a name")
    NOTES_ONLY = "notes_only", _("agrees to notes, not to quotes")
    WITHDRAWN = "withdrawn", pgettext_lazy("consent", "withdrawn")


class TranscriptState(TextChoices):
    READING = "reading", pgettext_lazy("transcript", "being read")
    READY = "ready", pgettext_lazy("transcript", "ready")
    FAILED = "failed", pgettext_lazy("transcript", "could not be read")


class PainState(TextChoices):
    RAISED = "raised", pgettext_lazy("pain point", "raised")
    CONFIRMED = "confirmed", pgettext_lazy("pain point", "confirmed")
    SETTLED = "settled", pgettext_lazy("pain point", "settled")
    DISMISSED = "dismissed", pgettext_lazy("pain point", "dismissed")


PAIN_SETTLED = frozenset({PainState.SETTLED, PainState.DISMISSED})
PAIN_TONES = {"raised": "attention", "confirmed": "accent", "settled": "good", "dismissed": "neutral"}


class Severity(IntegerChoices):
    """How much it hurts those it hurts."""

    LOW = 1, _("a nuisance")
    MEDIUM = 2, _("slows the work")
    HIGH = 3, _("blocks work or costs customers")


class Trend(TextChoices):
    """Whether more people speak of a pain point than a quarter ago."""

    RISING = "rising", pgettext_lazy("trend", "rising")
    STEADY = "steady", pgettext_lazy("trend", "steady")
    FALLING = "falling", pgettext_lazy("trend", "falling")
    TOO_FEW = "too_few", pgettext_lazy("trend", "too few to tell")


class Moment(TextChoices):
    """When the question of a pain point is asked again."""

    BEFORE = "before", _("before")
    DELIVERY = "delivery", _("at delivery")
    SIX_MONTHS = "six_months", _("six months later")


# What one asking says, by the code of the rule.
COST_WORDS = {
    "too_few": _("fewer than five answered: too few to tell"),
    "noted": _("what it costs before anything is done"),
    "better": _("clearly better than before"),
    "unclear": _("no clear change"),
    "costly": _("still costs a lot"),
    "no_better": _("no better than before"),
}


class StanceLevel(IntegerChoices):
    OPPOSED = -2, _("opposed")
    DOUBTFUL = -1, _("doubtful")
    NEUTRAL = 0, pgettext_lazy("stance", "neutral")
    FAVOURABLE = 1, _("favourable")
    PROMOTER = 2, _("promoter")


# No red for who is against: a stance is information.
STANCE_TONES = {-2: "attention", -1: "attention", 0: "neutral", 1: "good", 2: "good"}


class AuditState(TextChoices):
    DRAFT = "draft", pgettext_lazy("audit", "draft")
    READING = "reading", pgettext_lazy("audit", "being read by those heard")
    FROZEN = "frozen", pgettext_lazy("audit", "frozen")
    PUBLISHED = "published", pgettext_lazy("audit", "published")


class NewVersion(TextChoices):
    """Why a published audit has a new version."""

    CORRECTION = "correction", _("a correction")
    WITHDRAWAL = "withdrawal", _("words taken back by whoever said them")


class Verdict(TextChoices):
    """What a reader of the draft says of it."""

    THATS_IT = "thats_it", _("That’s it")
    MISSING = "missing", _("Something is missing")


class QuickWinState(TextChoices):
    PROPOSED = "proposed", pgettext_lazy("quick win", "proposed")
    STARTED = "started", pgettext_lazy("quick win", "started")
    DELIVERED = "delivered", pgettext_lazy("quick win", "delivered")
    DROPPED = "dropped", pgettext_lazy("quick win", "dropped")


class DiagnosisState(TextChoices):
    DRAFT = "draft", pgettext_lazy("diagnosis", "draft")
    ASKING = "asking", pgettext_lazy("diagnosis", "being answered")
    DONE = "done", pgettext_lazy("diagnosis", "done")


AUDIT_TONES = {"draft": "attention", "reading": "accent", "frozen": "neutral", "published": "good"}
QUICK_WIN_TONES = {"proposed": "neutral", "started": "accent", "delivered": "good", "dropped": "neutral"}


HELP_TONES = {"asked": "attention", "accepted": "accent", "done": "good", "declined": "neutral"}


class Warranted(TextChoices):
    """Whether a diagnosis says that Product Ops is warranted."""

    YES = "yes", pgettext_lazy("diagnosis", "yes")
    SOON = "soon", pgettext_lazy("diagnosis", "soon")
    NOT_YET = "not_yet", pgettext_lazy("diagnosis", "not yet")
    TOO_LITTLE = "too_little", pgettext_lazy("diagnosis", "too little to say")


WARRANTED_TONES = {"yes": "accent", "soon": "attention", "not_yet": "good", "too_little": "neutral"}


class Shape(TextChoices):
    """In which shape Product Ops would serve."""

    WATCH = "watch", _("nobody yet: somebody keeps watch")
    PART_TIME = "part_time", _("one person, part of their time")
    RIGHT_HAND = "right_hand", _("one person, right hand of the head of product")
    SMALL_TEAM = "small_team", _("a small team")
    CENTRE = "centre", _("a centre of excellence")


class Population(TextChoices):
    """Who answers a diagnosis, each seen on its own where five or more answered."""

    SELF = "self", _("whoever made the diagnosis")
    LEADERS = "leaders", _("those who lead")
    PRODUCT = "product", _("product managers")
    MAKERS = "makers", _("those who design and build")
    FIELD = "field", _("the field")
    OTHERS = "others", _("others, together")
    EVERYBODY = "everybody", _("everybody who answered")


class Stage(TextChoices):
    """How far a function has come in a field of action."""

    FIRE_FIGHTER = "fire_fighter", _("fire-fighter")
    TASK_FORCE = "task_force", _("task force")
    CENTRE = "centre", _("centre of excellence")


STAGE_TONES = {"fire_fighter": "attention", "task_force": "accent", "centre": "good"}


class Skill(TextChoices):
    """Trades that Product Ops brings together."""

    PROJECT_MANAGER = "project_manager", _("project manager")
    EXPERT = "expert", _("expert")
    ANALYST = "analyst", _("analyst")
    PROGRAMME_MANAGER = "programme_manager", _("programme manager")
