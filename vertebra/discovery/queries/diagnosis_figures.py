"""What the system already knows of the organisation on a day, for a diagnosis: nobody is asked for it."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import Count, Q

from vertebra.analysis.diagnosis import Figures, Population
from vertebra.discovery import labels
from vertebra.discovery.labels import InterviewState
from vertebra.discovery.models import Diagnosis, Interview
from vertebra.evidence.labels import SurveyState
from vertebra.evidence.queries.results import Group, SurveyResults, results_of
from vertebra.org.empty_spaces import open_spaces
from vertebra.org.labels import Function, GapRule, MandateRole, SpaceState
from vertebra.org.models import Gap, Mandate, Membership, Person
from vertebra.org.queries.structure import Structure

MAKERS = (
    Function.PRODUCT, Function.DESIGN, Function.ENGINEERING, Function.DATA, Function.RESEARCH, Function.QUALITY,
)  # fmt: skip
FIELD = (Function.SALES, Function.SUPPORT, Function.CUSTOMER_SUCCESS, Function.MARKETING)
VACANCIES = (
    GapRule.TEAM_WITHOUT_PM, GapRule.TEAM_WITHOUT_DESIGNER, GapRule.TEAM_WITHOUT_LEAD,
    GapRule.TRIFORCE_SEAT_VACANT,
)  # fmt: skip
# The functions that each population is made of, in the order in which they are shown.
FUNCTIONS_OF: dict[str, tuple[str, ...]] = {
    labels.Population.LEADERS: (Function.LEADERSHIP,),
    labels.Population.PRODUCT: (Function.PRODUCT,),
    labels.Population.MAKERS: tuple(one for one in MAKERS if one != Function.PRODUCT),
    labels.Population.FIELD: FIELD,
}
# Growth of a handful says nothing; nor does it where most people have no date on which they joined.
FEWEST_PEOPLE = 10
MOST_UNDATED = 0.5


def figures_on(day: dt.date) -> Figures:
    """The figures of a day, read in a dozen queries: for actions, not for pages."""
    now, half, year = (_present(day - dt.timedelta(days=days)) for days in (0, 182, 365))
    counted = Membership.objects.as_of(day).aggregate(
        makers=Count("person", filter=Q(function__in=MAKERS), distinct=True),
        field=Count("person", filter=Q(function__in=FIELD), distinct=True),
    )
    product = Membership.objects.as_of(day).filter(function=Function.PRODUCT).values("person")
    named = Mandate.objects.as_of(day).filter(role=MandateRole.PRODUCT_MANAGER, person__isnull=False)
    managers = Person.objects.filter(Q(pk__in=product) | Q(pk__in=named.values("person"))).count()
    teams = sum(node.kind.is_team for node in Structure.as_of(day, with_members=False).nodes.values())
    return Figures(
        people=now,
        makers=counted["makers"],
        teams=teams,
        growth_6=_growth(half, now, day),
        growth_12=_growth(year, now, day),
        field_per_pm=counted["field"] / managers if managers else None,
        teams_per_pm=teams / managers if managers else None,
        open_spaces=open_spaces().filter(state=SpaceState.OPEN, first_seen_on__lte=day).count(),
        vacancies=Gap.objects.filter(ended_on=None, rule__in=VACANCIES).count(),
        never_heard=_never_heard(day, now),
    )


def _present(day: dt.date) -> int:
    return Person.objects.present_on(day).filter(archived_at__isnull=True).count()


def _growth(before: int, now: int, day: dt.date) -> float | None:
    """How much the company grew since it was that many; None where dates of arrival are too few to tell."""
    if before < FEWEST_PEOPLE or not now:
        return None
    undated = Person.objects.present_on(day).filter(archived_at__isnull=True, joined_on=None).count()
    return None if undated > now * MOST_UNDATED else (now - before) / before


def _never_heard(day: dt.date, people: int) -> float | None:
    if not people:
        return None
    present = Person.objects.present_on(day).filter(archived_at__isnull=True)
    held = Interview.objects.filter(state=InterviewState.HELD, held_on__lte=day)
    heard = held.filter(person__in=present.values("pk"))
    return 1 - heard.values("person").distinct().count() / people


def populations_of(diagnosis: Diagnosis) -> tuple[list[Population], dict[str, int]]:
    """Who answered, with their means, and how many: the populations of its closed survey, else whoever made it.

    A population is put together from functions that may be shown by themselves, so nothing new can be worked out.
    """
    survey = diagnosis.survey
    if survey is not None and survey.state == SurveyState.CLOSED:
        found, counts = _of_survey(results_of(survey))
        if found:
            return found, counts
    own = {code: float(value) for code, value in diagnosis.own_answers.items()}
    return ([Population(labels.Population.SELF, own)], {labels.Population.SELF: 1}) if own else ([], {})


def _of_survey(results: SurveyResults) -> tuple[list[Population], dict[str, int]]:
    by_function = {group.function: group for group in results.groups if group.function and group.is_shown}
    others = [group for group in results.groups if not group.function and group.is_shown]
    found: list[Population] = []
    counts: dict[str, int] = {}
    grouped = [(name, [by_function[f] for f in fs if f in by_function]) for name, fs in FUNCTIONS_OF.items()]
    known = {function for functions in FUNCTIONS_OF.values() for function in functions}
    others += [group for function, group in by_function.items() if function not in known]
    for name, groups in [*grouped, (labels.Population.OTHERS, others)]:
        if groups:
            found.append(Population(name, _means(results, groups)))
            counts[name] = sum(group.answered or 0 for group in groups)
    if not found and results.whole.is_shown:
        name = labels.Population.EVERYBODY
        return [Population(name, _means(results, [results.whole]))], {name: results.whole.answered or 0}
    return found, counts


def _means(results: SurveyResults, groups: Iterable[Group]) -> dict[str, float]:
    """The mean of several groups together, question by question, from what each shows."""
    groups, found = list(groups), {}
    for question in results.questions:
        shown = [
            (figure.mean, figure.answered)
            for group in groups
            if (figure := group.figure(question.code)).mean is not None and figure.answered
        ]
        weight = sum(count for _mean, count in shown)
        if weight:
            found[question.code] = sum((mean or 0.0) * count for mean, count in shown) / weight
    return found
