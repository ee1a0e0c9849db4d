"""The result of a diagnosis as it is kept, and as people read it: in words, with its reasons."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from vertebra.analysis.diagnosis import (
    BY_CODE,
    DOMAINS,
    HIGHEST,
    LOWEST,
    Called,
    Figures,
    Moved,
    called_for,
    conclude,
    moved,
)
from vertebra.discovery import labels
from vertebra.discovery.labels import DiagnosisState, Shape, Warranted
from vertebra.discovery.models import Diagnosis
from vertebra.discovery.queries.diagnosis_figures import populations_of
from vertebra.discovery.shipped.symptoms import Words, symptoms
from vertebra.org.empty_spaces import language_now
from vertebra.org.labels import Domain
from vertebra.org.models import Field

Text = str | Promise
MOST_PROPOSED = 5


def result_of(diagnosis: Diagnosis) -> dict[str, Any]:
    """What the answers and the figures of a diagnosis say, as values that are kept with it."""
    populations, counts = populations_of(diagnosis)
    said = asdict(conclude(populations, Figures(**diagnosis.figures)))
    said["populations"] = {one.name: dict(one.means) for one in populations}
    said["counts"] = counts
    return said


def diagnoses() -> "QuerySet[Diagnosis]":
    """Every diagnosis that is not put away, the latest first."""
    rows = Diagnosis.objects.filter(archived_at=None).select_related("survey", "made_by")
    return rows.order_by("-started_on", "-pk")


def previous(diagnosis: Diagnosis) -> Diagnosis | None:
    """The diagnosis concluded before this one."""
    rows = diagnoses().filter(state=DiagnosisState.DONE, pk__lt=diagnosis.pk)
    return next((one for one in rows[:12] if one.result.get("verdict") != Warranted.TOO_LITTLE), None)


def ready() -> "QuerySet[Diagnosis]":
    """Diagnoses whose answering is over and that nobody has concluded yet."""
    return Diagnosis.objects.filter(state=DiagnosisState.ASKING, survey__state="closed").order_by("pk")


@dataclass(frozen=True, slots=True)
class SymptomLine:
    """One symptom in the table: how strong it is for each population (1 to 5), and for whoever made the test."""

    words: Words
    strength: float
    cells: list[tuple[float | None, str]]
    own: int | None

    @property
    def mean(self) -> float:
        """The strength on the scale of the answers."""
        return LOWEST + self.strength * (HIGHEST - LOWEST)


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field of action, or a domain that none of them covers, how strongly it is called for, by which symptoms."""

    label: Text
    percent: int
    because: list[str]
    field_id: int | None


@dataclass(frozen=True, slots=True)
class GapLine:
    """A symptom on which two populations differ."""

    name: str
    higher: Text
    lower: Text
    high: float
    low: float


@dataclass(frozen=True, slots=True)
class MovedLine:
    """A symptom that moved since the diagnosis before."""

    name: str
    before: float
    now: float
    is_better: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A result in words."""

    verdict: str
    verdict_label: Text
    tone: str
    shape: str
    shape_label: Text
    people_needed: int
    is_one_view: bool
    reasons: list[str]
    fields: list[FieldLine]
    populations: list[tuple[Text, int]]
    lines: list[SymptomLine]
    has_own: bool
    gaps: list[GapLine]
    proposals: list[Words]
    moved: list[MovedLine]
    figures: list[tuple[Text, str]]


def fields_of_action() -> list[Field]:
    """The fields of action that the company has today."""
    return list(Field.objects.filter(archived_at=None))


def read(diagnosis: Diagnosis, fields: Sequence[Field], before: Diagnosis | None = None) -> Reading:
    """The result of a diagnosis in the reader's language, by the fields of action that the company has today."""
    said, words = diagnosis.result, symptoms(language_now())
    strengths: dict[str, float] = said.get("strengths", {})
    names = list(said.get("populations", {}))
    verdict = said.get("verdict", Warranted.TOO_LITTLE)
    has_own = bool(diagnosis.own_answers) and names != [labels.Population.SELF]
    lines = [
        SymptomLine(
            words[code],
            strengths[code],
            [_cell(said["populations"][name].get(code)) for name in names],
            diagnosis.own_answers.get(code) if has_own else None,
        )
        for code in sorted(strengths, key=lambda code: (-strengths[code], list(BY_CODE).index(code)))
        if code in words
    ]
    shape = said.get("shape", "")
    return Reading(
        verdict=verdict,
        verdict_label=Warranted(verdict).label,
        tone=labels.WARRANTED_TONES[verdict],
        shape=shape,
        shape_label=Shape(shape).label if shape else "",
        people_needed=said.get("people_needed", 0),
        is_one_view=said.get("is_one_view", True),
        reasons=[_reason(one, words) for one in said.get("reasons", [])],
        fields=_fields(strengths, fields, words) if verdict != Warranted.TOO_LITTLE else [],
        populations=[(labels.Population(name).label, said["counts"].get(name, 0)) for name in names],
        lines=lines,
        has_own=has_own,
        gaps=[_gap(one, said["populations"], words) for one in said.get("gaps", [])],
        proposals=[words[one["symptom"]] for one in said.get("reasons", []) if one["symptom"]][
            :MOST_PROPOSED
        ],
        moved=[_moved(one, words) for one in _since(before, strengths)],
        figures=list(_figures(Figures(**diagnosis.figures))) if diagnosis.figures else [],
    )


def _cell(mean: float | None) -> tuple[float | None, str]:
    """A mean with the shade of its cell; hatched where it may not be shown."""
    return (None, "few") if mean is None else (mean, str(round(5 * (mean - LOWEST) / (HIGHEST - LOWEST))))


def _since(before: Diagnosis | None, strengths: dict[str, float]) -> Iterable[Moved]:
    return moved(before.result.get("strengths", {}), strengths) if before else ()


def _on_scale(strength: float) -> float:
    return LOWEST + strength * (HIGHEST - LOWEST)


def _moved(one: Moved, words: dict[str, Words]) -> MovedLine:
    return MovedLine(words[one.symptom].name, _on_scale(one.before), _on_scale(one.now), one.is_better)


def _fields(strengths: dict[str, float], fields: Sequence[Field], words: dict[str, Words]) -> list[FieldLine]:
    """The company's own fields by what each covers, and the domains that none of them does."""
    named: dict[str, Field] = {f"field {one.pk}": one for one in fields if one.domains}
    covered = {code for one in named.values() for code in one.domains}
    parts = {name: one.domains for name, one in named.items()}
    parts |= {code: [code] for code in DOMAINS if code not in covered}

    def line(one: Called) -> FieldLine:
        field = named.get(one.name)
        label = field.name if field else Domain(one.name).label
        because = [words[code].name for code in one.because]
        return FieldLine(label, round(one.strength * 100), because, field.pk if field else None)

    return [line(one) for one in called_for(strengths, parts)]


def field_of(code: str, fields: Sequence[Field]) -> Field | None:
    """The field of action that answers a symptom: the first that covers what it is mostly about, then the rest."""
    covering = ((domain, one) for domain in BY_CODE[code].domains for one in fields)
    return next((one for domain, one in covering if domain in one.domains), None)


def _gap(one: dict[str, Any], populations: dict[str, dict[str, float]], words: dict[str, Words]) -> GapLine:
    high, low = (populations[one[side]][one["symptom"]] for side in ("higher", "lower"))
    name = words[one["symptom"]].name
    return GapLine(
        name, labels.Population(one["higher"]).label, labels.Population(one["lower"]).label, high, low
    )


def _percent(value: float) -> str:
    return formats.number_format(round(value * 100))


def _reason(one: dict[str, Any], words: dict[str, Words]) -> str:
    """Why a conclusion is drawn, in one sentence."""
    value = one["value"] or 0
    if one["code"] == "symptom":
        return words[one["symptom"]].name
    if one["code"] == "growth_12":
        return _("%(percent)s %% more people than a year ago") % {"percent": _percent(value)}
    if one["code"] == "makers":
        return ngettext(
            "%(count)s person makes the product: not everybody knows everybody any more",
            "%(count)s people make the product: not everybody knows everybody any more",
            int(value),
        ) % {"count": formats.number_format(value, force_grouping=True)}
    if one["code"] == "teams":
        return ngettext("%(count)d team to keep together", "%(count)d teams to keep together", value) % {
            "count": value
        }
    if one["code"] == "field_per_pm":
        return _("%(count)s people of the field for each product manager") % {
            "count": formats.number_format(value, 1)
        }
    if one["code"] == "open_spaces":
        return ngettext(
            "%(count)d empty space has nobody", "%(count)d empty spaces have nobody", int(value)
        ) % {"count": value}
    return _("%(percent)s %% of the people have never been heard: listen before you conclude") % {
        "percent": _percent(value)
    }


_FIGURE_LABELS: tuple[tuple[str, Text], ...] = (
    ("people", gettext_lazy("People")),
    ("makers", gettext_lazy("People who make the product")),
    ("teams", gettext_lazy("Teams")),
    ("growth_6", gettext_lazy("Growth in six months")),
    ("growth_12", gettext_lazy("Growth in twelve months")),
    ("field_per_pm", gettext_lazy("People of the field for one product manager")),
    ("teams_per_pm", gettext_lazy("Teams for one product manager")),
    ("open_spaces", gettext_lazy("Empty spaces with nobody")),
    ("vacancies", gettext_lazy("Vacancies")),
    ("never_heard", gettext_lazy("People never heard")),
)


def _figures(figures: Figures) -> Iterable[tuple[Text, str]]:
    for name, label in _FIGURE_LABELS:
        value = getattr(figures, name)
        if value is None:
            yield label, _("not known")
        elif name in {"growth_6", "growth_12", "never_heard"}:
            yield label, _("%(percent)s %%") % {"percent": _percent(value)}
        elif isinstance(value, float):
            yield label, formats.number_format(value, 1)
        else:
            yield label, formats.number_format(value, force_grouping=True)
