"""Decisions as readers know them: published ones for all, in their language where it was written; who waits to be told."""

from collections import Counter
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import Link, User
from vertebra.accounts.permissions import Right, may
from vertebra.discovery.queries.audit_readings import can_be_reached
from vertebra.org.queries.people import language_for
from vertebra.roadmap.models import Answer, Cycle, Decision, Initiative, TableTopic, Topic, Voice


def open_to(user: User) -> QuerySet[Decision]:
    """The decisions somebody may read: those published, and for Product Ops those being made."""
    rows = Decision.objects.select_related("topic", "cycle")
    return rows if may(user, Right.PRODUCT_OPS) else rows.filter(published_at__isnull=False)


def held_at_table() -> QuerySet[Decision]:
    """The decisions that hold at their own table: what a later table decides of the same topic takes nothing from them."""
    return Decision.objects.filter(Q(replaced_by=None) | ~Q(replaced_by__cycle=F("cycle")))


def said_in(decision: Decision, language: str) -> tuple[str, str]:
    """What was decided and why, in a language if somebody wrote it in that one, else as it was written."""
    if language != decision.language and (words := decision.other_words.get(language)):
        return words["what"], words["why"]
    return decision.what, decision.why


def unanswered() -> list[tuple[Decision, Voice]]:
    """Who waits for which answer: published decisions that hold, and the voices of their topics not told yet."""
    voices = list(_untold().select_related("person__user").order_by("pk"))
    held = _held().filter(topic__in={voice.topic_id for voice in voices}).select_related("topic")
    by_topic = {one.topic_id: one for one in held}
    return [(by_topic[voice.topic_id], voice) for voice in voices if voice.topic_id in by_topic]


def somebody_waits() -> bool:
    """Whether somebody waits to be told a published decision."""
    return _untold().exists()


def _held() -> QuerySet[Decision]:
    return Decision.objects.filter(published_at__isnull=False, replaced_by=None)


def _untold() -> QuerySet[Voice]:
    told = Answer.objects.filter(
        voice=OuterRef("pk"), decision__in=_held(), decision__topic=OuterRef("topic")
    )
    decided = _held().filter(topic=OuterRef("topic"))
    return Voice.objects.filter(Exists(decided), ~Exists(told))


def unreached(decision: Decision) -> list[Voice]:
    """Whom no message reaches, and who was not told by word of mouth yet."""
    rows = _untold().filter(topic=decision.topic_id).select_related("person__user")
    return [voice for voice in rows if voice.person is not None and not can_be_reached(voice.person)]


def languages_missing(decisions: Iterable[Decision]) -> dict[str, int]:
    """In which languages somebody who waits reads, and in which a decision is not said: how many voices of each."""
    rows = {one.topic_id: one for one in decisions}
    found = Counter[str]()
    voices = Voice.objects.filter(topic__in=rows).select_related("person__user")
    for voice in voices:
        language = language_for(voice.person, voice.language) if voice.person else voice.language
        decision = rows[voice.topic_id]
        if language != decision.language and language not in decision.other_words:
            found[language] += 1
    return dict(found)


def other_languages(language: str) -> list[tuple[str, str]]:
    """The languages that Vertebra speaks beside one."""
    return [(code, name) for code, name in settings.LANGUAGES if code != language]


def carried_out_by(decision: Decision) -> QuerySet[Initiative]:
    """What carries a decision out today."""
    ids = Link.objects.filter(
        to_kind=Kind.DECISION,
        to_id=decision.pk,
        relation=Relation.CARRIES_OUT,
        from_kind=Kind.INITIATIVE,
        ended_at=None,
    ).values("from_id")
    return Initiative.objects.filter(pk__in=ids, archived_at=None)


def as_ranked(cycle_id: int | None, decisions: Iterable[Decision]) -> list[Decision]:
    """Decisions of a table, each topic in the words under which it was ranked, however it is said today."""
    rows = list(decisions)
    lay = TableTopic.objects.filter(cycle=cycle_id or 0, topic__in={one.topic_id for one in rows})
    words = {pk: shown.get("title") for pk, shown in lay.values_list("topic_id", "shown")}
    for one in rows:
        one.topic.title = words.get(one.topic_id) or one.topic.title
    return rows


def of_topic(topic: Topic, user: User) -> list[Decision]:
    """What was decided of a topic, the latest first."""
    rows = open_to(user).filter(topic=topic)
    return list(rows.order_by("-created_at", "-pk"))


def of_cycle(cycle: Cycle) -> list[Decision]:
    """Every decision of a table that holds there and was told, with what it displaced."""
    rows = (
        held_at_table()
        .filter(cycle=cycle, published_at__isnull=False)
        .select_related("topic")
        .prefetch_related("displaces")
    )
    return as_ranked(cycle.pk, rows.order_by("pk"))


def told_counts(cycle: Cycle) -> tuple[int, int]:
    """How many voices of a published table were told, of how many."""
    held = _held().filter(cycle=cycle)
    answers = Answer.objects.filter(decision__in=held).count()
    return answers, Voice.objects.filter(topic__in=held.values("topic")).count()
