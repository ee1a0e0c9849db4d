"""Topics as people read them: what shows each, how strongly, for which sides; which others are alike."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Mod
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vertebra.accounts.labels import Kind
from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.analysis.privacy import FEWEST, in_steps
from vertebra.discovery.models import Evidence, PainPoint, ReAsk
from vertebra.discovery.queries.pain_points import HEARD
from vertebra.discovery.queries.sides import TOLD
from vertebra.kit.templatetags.ui import figure
from vertebra.kit.text import fold
from vertebra.org.labels import Function
from vertebra.org.models import EmptySpace
from vertebra.roadmap.labels.topics import STRENGTH_TONES, CycleState, Strength, TopicState
from vertebra.roadmap.models import TableTopic, Topic, Voice

ALIKE = 62
MOST_ALIKE = 5
SHORTEST = 4
# Topics that wait for a decision.
WAITING = (TopicState.RAISED, TopicState.ON_TABLE)


def topics() -> QuerySet[Any]:
    """Every topic that is not put away, those joined to another left out, with how many people stand behind it."""
    rows = Topic.objects.filter(archived_at=None, merged_into=None).select_related("field", "objective")
    # Asked for each topic that is shown: to join and group them would count those of all.
    voices = Voice.objects.filter(topic=OuterRef("pk")).order_by().values("topic")
    return rows.annotate(voice_count=Coalesce(Subquery(voices.annotate(many=Count("pk")).values("many")), 0))


def with_order(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """The same with what one reader may sort by: in steps of five outside Product Ops, then who stands behind it."""
    is_exact = may(user, Right.PRODUCT_OPS)
    found: QuerySet[Any] = rows.annotate(
        size_shown=F("people_count") if is_exact else _stepped("people_count"),
        behind_shown=F("voice_count") if is_exact else _stepped("voice_count"),
    )
    return found


def _stepped(name: str) -> Any:
    step: Any = F(name) - Mod(F(name), Value(FEWEST))
    few = When(**{f"{name}__range": (1, FEWEST - 1)}, then=Value(1))
    return Case(few, default=step, output_field=IntegerField())


def behind(user: object, count: int) -> tuple[int | None, str]:
    """How many stand behind a topic as somebody may know it, and in words: exact for Product Ops, else in steps."""
    if may(user, Right.PRODUCT_OPS) or not count:
        return count, figure(count)
    known = in_steps(count)
    return known, _("fewer than five") if known is None else f"≥ {figure(known)}"


def current_of(topic: Topic) -> Topic:
    """The topic itself, or the one that it was joined to."""
    seen = {topic.pk}
    while topic.merged_into_id and topic.merged_into_id not in seen:
        seen.add(topic.merged_into_id)
        topic = Topic.objects.get(pk=topic.merged_into_id)
    return topic


def is_frozen(topic: Topic) -> bool:
    """Whether a topic lies, or lay, on a table that was frozen."""
    return TableTopic.objects.filter(topic=topic).exclude(cycle__state=CycleState.COLLECTING).exists()


def held_for(topic: Topic) -> bool:
    """Whether a topic lies on a table that is frozen and not published yet: its words stay as they are."""
    rows = TableTopic.objects.filter(topic=topic)
    return rows.exclude(cycle__state__in=(CycleState.COLLECTING, CycleState.PUBLISHED)).exists()


def alike(title: str, without: int | None = None, limit: int = MOST_ALIKE) -> list[Topic]:
    """Topics that wait and are said in like words, the likest first."""
    from rapidfuzz import fuzz, process  # loaded by the first topic that somebody writes

    wanted = fold(title)
    if len(wanted) < SHORTEST:
        return []
    rows = Topic.objects.filter(archived_at=None, merged_into=None, state__in=(*WAITING, TopicState.NOT_NOW))
    known = {pk: fold(each) for pk, each in rows.exclude(pk=without or 0).values_list("pk", "title")}
    found = process.extract(wanted, known, scorer=fuzz.token_set_ratio, score_cutoff=ALIKE, limit=limit)
    by_pk = rows.in_bulk([pk for _title, _score, pk in found])
    return [by_pk[pk] for _title, _score, pk in found]


@dataclass(frozen=True, slots=True)
class Weight:
    """What shows a topic, as one reader may know it: `None` stands for fewer than five."""

    people: int | None
    teams: int | None
    functions: int | None
    is_exact: bool

    @property
    def strength(self) -> Strength:
        """How strong it is, in one word, from counts that tell nobody."""
        if self.people == 0:
            return Strength.NONE
        if self.people is None or self.people < FEWEST:
            return Strength.FEW
        return Strength.ACROSS if (self.functions or 0) > 1 else Strength.MANY

    @property
    def tone(self) -> str:
        """The tone of that word."""
        return STRENGTH_TONES[self.strength]

    @property
    def words(self) -> str:
        """Who was heard, in one phrase."""
        if self.people is None:
            return _("fewer than five people")
        if self.people == 0:
            return ""
        if self.is_exact:
            said = ngettext("%(count)s person", "%(count)s people", self.people)
        else:
            said = ngettext("at least %(count)s person", "at least %(count)s people", self.people)
        parts = [said % {"count": figure(self.people)}]
        if self.teams:
            parts.append(ngettext("%(count)d team", "%(count)d teams", self.teams) % {"count": self.teams})
        if self.functions:
            said = ngettext("%(count)d function", "%(count)d functions", self.functions)
            parts.append(said % {"count": self.functions})
        return " · ".join(parts)


def weight_for(user: object, topic: Topic) -> Weight:
    """The weight of what shows a topic: exact for Product Ops, in steps of five for others."""
    return weight_of(user, topic.people_count, topic.team_count, topic.function_count)


def weight_of(user: object, people: int, teams: int, functions: int) -> Weight:
    """The weight of what counts so many people, teams and functions."""
    if may(user, Right.PRODUCT_OPS):
        return Weight(people, teams, functions, is_exact=True)
    known = in_steps(people)
    if known is None:
        return Weight(None, None, None, is_exact=False)
    return Weight(known, in_steps(teams), in_steps(functions), is_exact=False)


def weight_shown(shown: Mapping[str, Any]) -> Weight:
    """The weight as it was kept when the table froze."""
    return Weight(shown.get("people", 0), shown.get("teams"), shown.get("functions"), is_exact=False)


def counts_of(kind: str, object_id: int | None) -> dict[str, int]:
    """What an object that a topic is raised from says of its size and of how much it hurts."""
    if kind == Kind.PAIN_POINT:
        fields = ("people_count", "team_count", "function_count", "severity")
        found = PainPoint.objects.filter(pk=object_id or 0).values(*fields).first()
        return dict(found) if found else {}
    if kind == Kind.EMPTY_SPACE:
        reports = EmptySpace.objects.filter(pk=object_id or 0).values_list("report_count", flat=True).first()
        return {"people_count": reports or 0}
    if kind == Kind.SURVEY:
        asked = ReAsk.objects.filter(survey=object_id).select_related("pain_point").first()
        return counts_of(Kind.PAIN_POINT, asked.pain_point_id) if asked else {}
    return {}


@dataclass(frozen=True, slots=True)
class Side:
    """One function that speaks of a topic, and how many people, `None` for fewer than five."""

    function: str
    people: int | None

    @property
    def label(self) -> str:
        """The function in words."""
        return str(Function(self.function).label) if self.function in Function.values else _("Others")


def sides_of(topics: Iterable[Topic], user: User | None = None) -> dict[int, list[Side]]:
    """The functions that speak of each topic raised from a pain point, the most people first; one query."""
    origin = {topic.pk: topic.origin_id for topic in topics if topic.origin_kind == Kind.PAIN_POINT}
    rows = Evidence.objects.filter(pain_point__in=set(origin.values()), ended_at__isnull=True).order_by()
    counted = (
        rows.alias(heard=HEARD)
        .filter(heard__isnull=False)
        .annotate(told=TOLD)
        .values_list("pain_point", "told")
        .annotate(people=Count("heard", distinct=True))
    )
    is_exact = may(user, Right.PRODUCT_OPS)
    by_origin: dict[int, list[Side]] = {}
    for pain_point, told, people in counted if origin else ():
        by_origin.setdefault(pain_point, []).append(Side(told, people if is_exact else in_steps(people)))
    for found in by_origin.values():
        # Fewer than five stand in the order of their names, which tells no count.
        found.sort(key=lambda side: (side.function == "", -(side.people or 0), side.label))
    return {pk: by_origin.get(pain_point or 0, []) for pk, pain_point in origin.items()}


def counts_by_state() -> dict[str, int]:
    """How many topics stand where, in one query."""
    rows = Topic.objects.filter(archived_at=None, merged_into=None)
    return rows.aggregate(
        raised=Count("pk", filter=Q(state=TopicState.RAISED)),
        on_table=Count("pk", filter=Q(state=TopicState.ON_TABLE)),
        chosen=Count("pk", filter=Q(state=TopicState.CHOSEN)),
        not_now=Count("pk", filter=Q(state=TopicState.NOT_NOW)),
        every=Count("pk"),
    )
