"""What the tier of a release requires, and what of it is there."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import Link
from vertebra.kit.languages import language_said
from vertebra.org.labels import Function
from vertebra.releases.labels.briefs import BriefState, Trade
from vertebra.releases.labels.releases import (
    GoVerdict,
    ReadinessState,
    ValidationPart,
)
from vertebra.releases.models import (
    Brief,
    GoDecision,
    Readiness,
    Release,
    ReleaseAudience,
    ReleaseCheck,
    Validation,
)

MOST_DECISIONS = 60
# Lessons come after releases: what is known of them here is the steps that they tie themselves.
_LESSONS = Link.objects.filter(from_kind=Kind.LESSON, to_kind=Kind.RELEASE, to_id=OuterRef("pk"))
_SERVING = Q(ended_at=None) | Q(ended_at__gt=OuterRef("released_at"))
HAS = {
    # One that held when the release came out was there, whatever changed since.
    "has_lesson": Exists(_LESSONS.filter(_SERVING, relation=Relation.SERVES)),
    "lesson_number": Subquery(_LESSONS.filter(ended_at=None).order_by("-pk").values("from_id")[:1]),
    "has_check": Exists(ReleaseCheck.objects.filter(release=OuterRef("pk"))),
    "has_audience": Exists(ReleaseAudience.objects.filter(release=OuterRef("pk"))),
}


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that the tier asks for: its code, which of them, whether it is there, what is said of it."""

    code: str
    of: str
    is_met: bool
    sentence: str
    state: str = ""
    tone: str = "neutral"
    number: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """What a release has of what tiers may ask for."""

    briefs: dict[tuple[str, str], Brief]
    validations: dict[str, Validation]
    readiness: dict[str, Readiness]
    decisions: list[GoDecision]
    has_check: bool
    has_audience: bool
    has_lesson: bool
    lesson_number: int

    @property
    def go(self) -> GoDecision | None:
        """The decision that holds."""
        return self.decisions[0] if self.decisions else None


def held_by(release: Release) -> Held:
    """What a release has: its briefs, the latest word of each who validates or is to be ready, the go, the check."""
    briefs = {(row.trade, row.language): row for row in release.briefs.select_related("owner")}
    validations: dict[str, Validation] = {}
    for row in release.validations.select_related("said_by"):
        validations.setdefault(row.part, row)
    readiness: dict[str, Readiness] = {}
    for word in release.readiness.select_related("said_by"):
        readiness.setdefault(word.function, word)
    there = vars(release)
    if "has_audience" not in there:  # a page reads it with the release itself
        there = dict(Release.objects.values(**HAS).get(pk=release.pk))
    return Held(
        briefs=briefs,
        validations=validations,
        readiness=readiness,
        decisions=list(release.go_decisions.select_related("decided_by")[:MOST_DECISIONS]),
        has_check=there["has_check"],
        has_audience=there["has_audience"],
        has_lesson=there["has_lesson"],
        lesson_number=there["lesson_number"] or 0,
    )


def languages_of(release: Release) -> list[str]:
    """The languages that its briefs are wanted in: those of the tier, or its own."""
    spoken = [code for code, _name in settings.LANGUAGES]
    return [code for code in release.tier.languages if code in spoken] or [release.language]


def requirements(release: Release, held: Held) -> list[Requirement]:
    """Everything that the tier requires of a release, in the order in which it is usually done."""
    tier = release.tier
    found = list(_briefs(release, held))
    if tier.trades:
        found.append(Requirement("audience", "", held.has_audience, _("An audience is chosen")))
    if tier.has_lesson:
        state = _("being written") if held.lesson_number and not held.has_lesson else ""
        said = _("A lesson is published")
        found.append(Requirement("lesson", "", held.has_lesson, said, state, number=held.lesson_number))
    if tier.has_check:
        found.append(Requirement("check", "", held.has_check, _("One question checks that it is understood")))
    found += _validations(tier.validations, held)
    found += _readiness(tier.readiness, held)
    if tier.has_go:
        is_go = held.go is not None and held.go.verdict != GoVerdict.NO_GO
        said = str(held.go.get_verdict_display()) if held.go else ""
        found.append(Requirement("go", "", is_go, _("The go is recorded"), said))
    return found


def missing(found: Iterable[Requirement]) -> list[Requirement]:
    """What is not there yet."""
    return [one for one in found if not one.is_met]


def _briefs(release: Release, held: Held) -> Iterable[Requirement]:
    several = languages_of(release)
    for trade in (code for code in Trade.values if code in release.tier.trades):
        for language in several:
            row = held.briefs.get((trade, language))
            is_met = row is not None and row.state == BriefState.READY
            said = (
                _("Brief for %(trade)s") if len(several) == 1 else _("Brief for %(trade)s, in %(language)s")
            )
            words = {"trade": str(Trade(trade).label), "language": language_said(language)}
            state = str(row.get_state_display()) if row else ""
            yield Requirement(
                "brief", f"{trade}/{language}", is_met, said % words, state, number=row.pk if row else 0
            )


def _validations(parts: list[str], held: Held) -> Iterable[Requirement]:
    for part in (code for code in ValidationPart.values if code in parts):
        row = held.validations.get(part)
        is_met = row is not None and row.is_agreed
        said = _("Agreed to by %(who)s") % {"who": str(ValidationPart(part).label)}
        state = (_("agreed") if row.is_agreed else _("not agreed")) if row else ""
        yield Requirement("validation", part, is_met, said, state)


def _readiness(functions: list[str], held: Held) -> Iterable[Requirement]:
    for function in (code for code in Function.values if code in functions):
        row = held.readiness.get(function)
        is_met = row is not None and row.state != ReadinessState.NOT_READY
        said = _("%(function)s is ready") % {"function": str(Function(function).label)}
        state = str(row.get_state_display()) if row else ""
        yield Requirement("readiness", function, is_met, said, state)
