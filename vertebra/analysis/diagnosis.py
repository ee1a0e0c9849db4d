"""Is Product Ops warranted, in which shape, where first: rules over symptoms and figures, with their reasons.

Symptoms come first, size and growth second: people who built the function elsewhere say that it is the symptoms that
call for it, and that the pace of growth decides how soon. Answers go from 1 (not at all) to 5 (every week); the
strength of a symptom is the mean answer brought to 0…1. Populations weigh the same whatever their size, so that two
hundred people of the field do not drown twelve product managers.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

NAME = "diagnosis/1"
LOWEST, HIGHEST = 1, 5
# Fewer symptoms answered than this (of eighteen) say too little of the whole.
FEWEST_ANSWERED = 10
# 3.5 of 5: more people live with it than not.
STRONG = 0.625
# One point of five between two populations: they do not live in the same company.
GAP = 0.25
# Half a point of five between two diagnoses: less than that moves by itself.
MOVED = 0.125


@dataclass(frozen=True, slots=True)
class Symptom:
    """One symptom: how much it weighs, and the domains of work that would answer it."""

    code: str
    weight: int
    domains: tuple[str, ...]
    is_core: bool = False


# Weight 3: names the need by itself. Weight 2: costs several teams. Weight 1: has other remedies too.
SYMPTOMS: tuple[Symptom, ...] = (
    Symptom("pm_time", 3, ("process",), is_core=True),
    Symptom("oral_mode", 3, ("process", "knowledge"), is_core=True),
    Symptom("growth", 2, ("talent", "process"), is_core=True),
    Symptom("dependencies", 2, ("process",)),
    Symptom("field_uninformed", 2, ("knowledge",)),
    Symptom("whom_to_tell", 2, ("knowledge",)),
    Symptom("several_truths", 2, ("knowledge",)),
    Symptom("onboarding", 2, ("talent",)),
    Symptom("practices_multiply", 2, ("process",)),
    Symptom("directors_glue", 2, ("process", "talent")),
    Symptom("incidents_recur", 1, ("process",)),
    Symptom("culture_change", 3, ("talent",), is_core=True),
    Symptom("product_design", 2, ("talent", "process"), is_core=True),
    Symptom("empty_spaces", 2, ("talent",)),
    Symptom("discovery_uneven", 1, ("customer", "process")),
    Symptom("impact_unmeasured", 2, ("impact",)),
    Symptom("feedback_lost", 2, ("customer",)),
    Symptom("data_waiting", 1, ("impact",)),
)
BY_CODE = {symptom.code: symptom for symptom in SYMPTOMS}
DOMAINS = ("process", "knowledge", "impact", "talent", "customer")

# Growth over twelve months from which habits wear out before they settle; twice that, sooner still.
FAST_GROWTH = 0.3
VERY_FAST_GROWTH = 0.6
# People in product, design and engineering above whom not everybody knows everybody (reported: 50 to 100).
MANY_PEOPLE = 50
# Teams from which somebody can no longer keep them together on the side.
MANY_TEAMS = 10
# Teams that one person accompanies well (reported: forty teams for five people).
TEAMS_PER_PERSON = 8
SMALL_TEAMS = 5
CENTRE_TEAMS = 30
# People of the field for one product manager from which telling each of them stops working (reported: 5 to 10).
FIELD_PER_PM = 8.0
# Share of the people never heard above which listening comes before any conclusion.
NEVER_HEARD = 0.8


@dataclass(frozen=True, slots=True)
class Figures:
    """What the system knows of the organisation on the day; None is unknown."""

    people: int = 0
    makers: int = 0
    teams: int = 0
    growth_6: float | None = None
    growth_12: float | None = None
    field_per_pm: float | None = None
    teams_per_pm: float | None = None
    open_spaces: int = 0
    vacancies: int = 0
    never_heard: float | None = None


@dataclass(frozen=True, slots=True)
class Population:
    """One group that answered: mean answer (1 to 5) by symptom, where enough of them answered it."""

    name: str
    means: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a conclusion is drawn: a code that words explain, and the figure in it if there is one."""

    code: str
    value: float | None = None
    symptom: str = ""


@dataclass(frozen=True, slots=True)
class Called:
    """A part of the work of Product Ops, how much calls for it, and which symptoms do."""

    name: str
    strength: float
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A symptom on which two populations differ by a point or more."""

    symptom: str
    higher: str
    lower: str
    difference: float


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What the diagnosis says; the verdict `too_little` says nothing more."""

    verdict: str
    shape: str = ""
    people_needed: int = 0
    reasons: tuple[Reason, ...] = ()
    strengths: Mapping[str, float] = field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()
    is_one_view: bool = False
    name: str = NAME


def conclude(populations: Sequence[Population], figures: Figures) -> Conclusion:
    """What the answers of these populations and these figures say together."""
    strengths = strengths_of(populations)
    if len(strengths) < FEWEST_ANSWERED:
        return Conclusion("too_little", strengths=strengths, is_one_view=len(populations) < 2)
    strong = [symptom for symptom in SYMPTOMS if strengths.get(symptom.code, 0.0) >= STRONG]
    strong.sort(key=lambda symptom: (-symptom.weight * strengths[symptom.code], symptom.code))
    verdict = _verdict(strong, figures)
    shape = _shape(verdict, strong, figures)
    return Conclusion(
        verdict=verdict,
        shape=shape,
        people_needed=_people_needed(shape, figures),
        reasons=_reasons(strong, figures),
        strengths=strengths,
        gaps=gaps_of(populations),
        is_one_view=len(populations) < 2,
    )


def strengths_of(populations: Sequence[Population]) -> dict[str, float]:
    """How strong each symptom is, from 0 to 1, each population counting once; what nobody answered is left out."""
    found = {}
    for symptom in SYMPTOMS:
        said = [one.means[symptom.code] for one in populations if symptom.code in one.means]
        if said:
            found[symptom.code] = sum(map(_strength, said)) / len(said)
    return found


def _strength(mean: float) -> float:
    return min(1.0, max(0.0, (mean - LOWEST) / (HIGHEST - LOWEST)))


def _verdict(strong: Sequence[Symptom], figures: Figures) -> str:
    """Yes, soon, or not yet.

    Yes: five symptoms are strong; or three in a company that is large or grows fast; or two that name the need by
    themselves (product managers taken from the product, talk that no longer reaches, growth, a change of culture,
    product against design). Soon: two are strong, or one in a company that is large or grows fast, or growth alone is
    very fast. Else not yet.
    """
    core = sum(symptom.is_core for symptom in strong)
    is_pressed = bool(pressures(figures))
    if len(strong) >= 5 or core >= 2 or (len(strong) >= 3 and is_pressed):
        return "yes"
    is_very_fast = (figures.growth_12 or 0.0) >= VERY_FAST_GROWTH
    if len(strong) >= 2 or (strong and is_pressed) or is_very_fast:
        return "soon"
    return "not_yet"


def pressures(figures: Figures) -> list[Reason]:
    """What size and pace add to the symptoms."""
    found = []
    if figures.growth_12 is not None and figures.growth_12 >= FAST_GROWTH:
        found.append(Reason("growth_12", figures.growth_12))
    if figures.makers >= MANY_PEOPLE:
        found.append(Reason("makers", figures.makers))
    if figures.teams >= MANY_TEAMS:
        found.append(Reason("teams", figures.teams))
    if figures.field_per_pm is not None and figures.field_per_pm >= FIELD_PER_PM:
        found.append(Reason("field_per_pm", figures.field_per_pm))
    return found


def _reasons(strong: Sequence[Symptom], figures: Figures) -> tuple[Reason, ...]:
    found = [Reason("symptom", symptom=symptom.code) for symptom in strong[:5]]
    found += pressures(figures)
    if figures.open_spaces:
        found.append(Reason("open_spaces", figures.open_spaces))
    if figures.never_heard is not None and figures.never_heard >= NEVER_HEARD:
        found.append(Reason("never_heard", figures.never_heard))
    return tuple(found)


def _shape(verdict: str, strong: Sequence[Symptom], figures: Figures) -> str:
    """Somebody who keeps watch; a person part-time; the right hand of the head of product; a team; a centre.

    The number of teams decides, for each team accompanied takes its hours. Directors who hold everything together
    themselves, or a change of culture, call for somebody full-time beside the head of product even where it is small.
    """
    if verdict == "not_yet":
        return "watch"
    codes = {symptom.code for symptom in strong}
    if figures.teams > CENTRE_TEAMS:
        return "centre"
    if figures.teams > MANY_TEAMS:
        return "small_team"
    if figures.teams >= SMALL_TEAMS or figures.makers >= MANY_PEOPLE:
        return "right_hand"
    return "right_hand" if codes & {"directors_glue", "culture_change"} else "part_time"


def _people_needed(shape: str, figures: Figures) -> int:
    """How many people to aim at within a year; one to begin with in every case."""
    if shape in {"watch", ""}:
        return 0
    return max(1, round(figures.teams / TEAMS_PER_PERSON)) if shape in {"small_team", "centre"} else 1


def called_for(strengths: Mapping[str, float], parts: Mapping[str, Collection[str]]) -> tuple[Called, ...]:
    """Parts of the work, each made of domains, by the weighted mean strength of their symptoms, the strongest first."""
    found = []
    for name, domains in parts.items():
        mine = [one for one in SYMPTOMS if one.code in strengths and not set(one.domains).isdisjoint(domains)]
        if not mine:
            continue
        weight = sum(one.weight for one in mine)
        strength = sum(one.weight * strengths[one.code] for one in mine) / weight
        because = sorted(
            (one.code for one in mine if strengths[one.code] >= STRONG), key=lambda one: -strengths[one]
        )
        found.append(Called(name, strength, tuple(because)))
    return tuple(sorted(found, key=lambda called: -called.strength))


def gaps_of(populations: Sequence[Population]) -> tuple[Gap, ...]:
    """The symptoms that populations see differently by a point or more, the widest first."""
    found = []
    for symptom in SYMPTOMS:
        said = [
            (_strength(one.means[symptom.code]), one.name) for one in populations if symptom.code in one.means
        ]
        if len(said) < 2:
            continue
        low, high = min(said), max(said)
        if high[0] - low[0] >= GAP - 1e-9:
            found.append(Gap(symptom.code, high[1], low[1], high[0] - low[0]))
    return tuple(sorted(found, key=lambda gap: (-gap.difference, gap.symptom)))


@dataclass(frozen=True, slots=True)
class Moved:
    """A symptom that is stronger or weaker than last time, by half a point or more."""

    symptom: str
    before: float
    now: float

    @property
    def is_better(self) -> bool:
        """Whether it hurts less."""
        return self.now < self.before


def moved(before: Mapping[str, float], now: Mapping[str, float]) -> tuple[Moved, ...]:
    """What changed between two diagnoses, the largest change first; symptoms answered once only say nothing."""
    both = [code for code in BY_CODE if code in before and code in now]
    found = [
        Moved(code, before[code], now[code]) for code in both if abs(now[code] - before[code]) >= MOVED - 1e-9
    ]
    return tuple(sorted(found, key=lambda one: (-abs(one.now - one.before), one.symptom)))
