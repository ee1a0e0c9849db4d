"""What figures of flow say: the questions, their answers in words, the columns of their tables."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from vertebra.evidence.models import FlowFigure

# With so many earlier periods one's own past is a comparison.
PAST = 3
MOST_PAST = 12
Value = float | int | None


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of a period: what it is called, how it is read from a row, and said."""

    code: str
    label: str | Promise
    read: Callable[[FlowFigure], Value]
    said: Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Question:
    """One question, and the figures that answer it; the first ones are drawn."""

    code: str
    title: str | Promise
    measures: tuple[Measure, ...]
    drawn: tuple[str, ...]


def number(value: float) -> str:
    """A count."""
    return formats.number_format(round(value), force_grouping=True)


def one_digit(value: float) -> str:
    """A mean, with one digit."""
    return formats.number_format(round(value, 1), decimal_pos=1)


def percent(value: float) -> str:
    """A share from 0 to 1, in percent."""
    return _("%(percent)d%%") % {"percent": round(100 * value)}


def lasting(hours: float) -> str:
    """A time as people say it: hours up to two days, then days."""
    if hours < 48:
        return ngettext("%(count)s hour", "%(count)s hours", max(1, round(hours))) % {"count": number(hours)}
    return _("%(count)s days") % {"count": one_digit(hours / 24) if hours < 240 else number(hours / 24)}


def in_days(days: float) -> str:
    """A time given in days."""
    return lasting(days * 24)


def share_of_work(row: FlowFigure) -> float | None:
    """Of the time from beginning to end, the share in which somebody was at work."""
    spent = (row.doing or 0) + (row.waiting or 0)
    return row.doing / spent if row.doing is not None and spent else None


def _per_item(name: str) -> Callable[[FlowFigure], Value]:
    def read(row: FlowFigure) -> Value:
        held = getattr(row, name)
        return held / row.finished if held is not None and row.finished else None

    return read


def _field(name: str) -> Callable[[FlowFigure], Value]:
    def read(row: FlowFigure) -> Value:
        value: Value = getattr(row, name)
        return value

    return read


QUESTIONS = (
    Question(
        "time",
        gettext_lazy("Where does our time go?"),
        (
            Measure("work", gettext_lazy("Share of work in it"), share_of_work, percent),
            Measure("todo", gettext_lazy("Before it begins, each"), _per_item("todo"), lasting),
            Measure("doing", gettext_lazy("Under way, each"), _per_item("doing"), lasting),
            Measure("waiting", gettext_lazy("Waiting, each"), _per_item("waiting"), lasting),
            Measure("blocked", gettext_lazy("Blocked, each"), _per_item("blocked"), lasting),
        ),
        ("work", "waiting"),
    ),
    Question(
        "long",
        gettext_lazy("How long does it take?"),
        (
            Measure("finished", gettext_lazy("Finished"), _field("finished"), number),
            Measure(
                "cycle_50", gettext_lazy("From beginning to end, half within"), _field("cycle_50"), lasting
            ),
            Measure("cycle_85", gettext_lazy("85 % within"), _field("cycle_85"), lasting),
            Measure("cycle_95", gettext_lazy("95 % within"), _field("cycle_95"), lasting),
            Measure("lead_50", gettext_lazy("From the idea on, half within"), _field("lead_50"), lasting),
            Measure("lead_85", gettext_lazy("From the idea on, 85 % within"), _field("lead_85"), lasting),
            Measure("lead_95", gettext_lazy("From the idea on, 95 % within"), _field("lead_95"), lasting),
        ),
        ("finished", "cycle_50", "cycle_85"),
    ),
    Question(
        "waits",
        gettext_lazy("What waits?"),
        (
            Measure("under_way", gettext_lazy("Under way at the end, at least"), _field("under_way"), number),
            Measure("age_50", gettext_lazy("Half of it for more than"), _field("age_50"), in_days),
            Measure("age_85", gettext_lazy("15 % of it for more than"), _field("age_85"), in_days),
        ),
        ("under_way", "age_50"),
    ),
    Question(
        "back",
        gettext_lazy("What comes back?"),
        (
            Measure("reopened", gettext_lazy("Opened again"), _field("reopened"), percent),
            Measure("handed", gettext_lazy("Hand-overs between people, each"), _field("handed"), one_digit),
            Measure("handed_back", gettext_lazy("Came back to somebody"), _field("handed_back"), percent),
            Measure(
                "team_handed",
                gettext_lazy("Hand-overs between teams, each"),
                _field("team_handed"),
                one_digit,
            ),
            Measure("team_back", gettext_lazy("Came back to a team"), _field("team_back"), percent),
        ),
        ("reopened", "handed_back"),
    ),
    Question(
        "carried",
        gettext_lazy("What is carried over?"),
        (
            Measure("carried", gettext_lazy("In more than one sprint"), _field("carried"), percent),
            Measure("late", gettext_lazy("After the day it was due"), _field("late"), percent),
            Measure("late_days", gettext_lazy("Half of those, by more than"), _field("late_days"), in_days),
        ),
        ("carried", "late"),
    ),
)
MEASURES = {measure.code: measure for question in QUESTIONS for measure in question.measures}


def question_of(code: str) -> Question:
    """The question that is asked; the first where none is."""
    return next((one for one in QUESTIONS if one.code == code), QUESTIONS[0])


def answer(question: Question, rows: Sequence[FlowFigure]) -> tuple[FlowFigure | None, list[str]]:
    """The latest period that answers, and its answer in sentences beside one's own past; rows go from the earliest."""
    for main in (MEASURES[code] for code in question.drawn):
        if told := [row for row in rows if main.read(row) is not None]:
            sentences = [sentence for sentence in SAID[question.code](told[-1]) if sentence]
            return told[-1], [*sentences, past(main, told)]
    return None, []


def past(measure: Measure, told: Sequence[FlowFigure]) -> str:
    """Where the latest value stands among one's own of the months before."""
    values = [value for row in told[-MOST_PAST - 1 : -1] if (value := measure.read(row)) is not None]
    if len(values) < PAST:
        return _("There is too little past to compare it with yet.")
    said = {"measure": str(measure.label), "low": measure.said(min(values)), "high": measure.said(max(values)),
            "middle": measure.said(median(values)), "count": len(values)}  # fmt: skip
    return (
        _(
            "In the %(count)d periods before, “%(measure)s” went from %(low)s to %(high)s, in the middle %(middle)s."
        )
        % said
    )


def _time(row: FlowFigure) -> list[str]:
    share = share_of_work(row)
    if share is None:
        return []
    said = {"work": percent(share), "waits": percent(1 - share)}
    if not row.waiting:
        return [
            _(
                "No status of these work items means that they wait: all of the time between beginning and end counts as work."
            )
        ]
    return [
        _("From beginning to end, somebody was at work for %(work)s of the time; for %(waits)s work waited.")
        % said
    ]


def _long(row: FlowFigure) -> list[str]:
    if row.cycle_50 is None or row.cycle_85 is None:
        return [ngettext("%(count)s work item was finished.", "%(count)s work items were finished.", row.finished or 0)
                % {"count": number(row.finished or 0)}]  # fmt: skip
    said = {"count": number(row.finished or 0), "half": lasting(row.cycle_50), "most": lasting(row.cycle_85)}
    return [
        _(
            "%(count)s work items were finished: half of them within %(half)s from their beginning, 85 %% within %(most)s."
        )
        % said
    ]


def _waits(row: FlowFigure) -> list[str]:
    if row.under_way is None or row.age_50 is None:
        return []
    if not row.under_way:
        return [_("Fewer than five work items were under way at the end.")]
    said = {"count": number(row.under_way), "age": in_days(row.age_50)}
    return [
        _("At least %(count)s work items were under way at the end, half of them for more than %(age)s.")
        % said
    ]


def _back(row: FlowFigure) -> list[str]:
    said = {
        "again": percent(row.reopened or 0),
        "people": percent(row.handed_back or 0),
        "teams": percent(row.team_back or 0),
    }
    return [
        _(
            "%(again)s of what was finished had been opened again; %(people)s came back to somebody who had it before, %(teams)s to a team."
        )
        % said
    ]


def _carried(row: FlowFigure) -> list[str]:
    found = []
    if row.carried is not None:
        found.append(
            _("%(share)s of what was finished took more than one sprint.") % {"share": percent(row.carried)}
        )
    if row.late is not None:
        found.append(
            _("%(share)s of what had a day to be done by was done after it.") % {"share": percent(row.late)}
        )
    return found


SAID: dict[str, Callable[[FlowFigure], list[str]]] = {
    "time": _time, "long": _long, "waits": _waits, "back": _back, "carried": _carried,
}  # fmt: skip
