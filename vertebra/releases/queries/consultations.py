"""Consultations as pages ask for them: how far they are, whom to ask and why, who may see what."""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Mod

from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.accounts.tokens import digest_of
from vertebra.analysis.privacy import FEWEST
from vertebra.kit import clock
from vertebra.kit.home import Rows, waits
from vertebra.org.empty_spaces import person_of
from vertebra.org.labels import Function, MandateRole
from vertebra.org.models import Area, AreaVersion, Mandate, Market, Person
from vertebra.org.personal import is_erased
from vertebra.releases.labels.consultations import ASKED, OPEN_ASKS, AskState, ConsultationState, Impact
from vertebra.releases.labels.releases import ReleaseState
from vertebra.releases.models import Consultation, ConsultationAnswer, ConsultationAsk, Release
from vertebra.releases.queries.audiences import reachable
from vertebra.releases.queries.rights import may_change
from vertebra.releases.queries.telling import Telling, whom_it_concerns, whom_to_tell
from vertebra.roadmap.models import Initiative, Involvement
from vertebra.roadmap.queries.rights import may_change as may_change_initiative

# Reminded that long before the day, if the ask is a day old at least.
REMIND_BEFORE = dt.timedelta(days=2)


def counted(rows: "QuerySet[Consultation]") -> "QuerySet[Consultation]":
    """These, each with how many were asked, answered, and said that it changes much."""
    return rows.annotate(
        asked=Count("asks"),
        answered=Count("asks", filter=Q(asks__state=AskState.ANSWERED)),
        high=Count("asks", filter=Q(asks__answer__impact=Impact.HIGH)),
    )


def heard_by(user: User) -> Q:
    """The consultations whose answers somebody reads by name: theirs, those they are asked; all for Product Ops."""
    if may(user, Right.PRODUCT_OPS):
        return Q(pk__isnull=False)
    mine = Q(made_by=user)
    if (person := person_of(user)) is not None:
        asked = ConsultationAsk.objects.filter(person=person)
        mine |= Q(asked_by=person) | Q(pk__in=asked.values("consultation"))
    return mine


def counted_for(rows: "QuerySet[Consultation]", user: User) -> QuerySet[Any]:
    """These, counted as one reader may know it: `asked_shown` is null where they do not read the answers.

    There, how many answered is told in steps of five, and null for fewer (`answered_told`; 0 to sort by in
    `answered_shown`): two exact counts would tell who answered between them.
    """
    heard, answered = Q(is_heard=True), F("answered")
    known = Case(When(heard_by(user), then=Value(True)), default=Value(False), output_field=BooleanField())
    steps = answered - Mod(answered, Value(FEWEST))
    return counted(rows.annotate(is_heard=known)).annotate(
        asked_shown=Case(When(heard, then=F("asked"))),
        answered_shown=Case(When(heard, then=answered), default=steps, output_field=IntegerField()),
        answered_told=Case(
            When(heard | Q(answered__gte=FEWEST), then=F("answered_shown")), output_field=IntegerField()
        ),
        high_shown=Case(When(heard, then=F("high")), default=Value(0)),
    )


def placed(rows: "QuerySet[Consultation]", day: dt.date) -> "QuerySet[Consultation]":
    """These, each with what its area is called on a day."""
    areas = AreaVersion.objects.as_of(day).filter(area=OuterRef("area")).values("name")[:1]
    return rows.annotate(area_name=Subquery(areas))


def with_state(rows: "QuerySet[Consultation]", day: dt.date) -> QuerySet[Any]:
    """These, each with its `state` on a day: a page, the list, a panel and a tool say the same of it."""
    is_open = Q(due_on__gte=day) & going_on()
    return rows.annotate(
        state=Case(
            When(closed_at__isnull=False, then=Value(ConsultationState.CLOSED)),
            When(is_open, then=Value(ConsultationState.OPEN)),
            default=Value(ConsultationState.DUE),
            output_field=CharField(),
        )
    )


def open_on(day: dt.date) -> QuerySet[Any]:
    """The consultations whose answers are waited for on a day."""
    return with_state(Consultation.objects.all(), day).filter(state=ConsultationState.OPEN)


@dataclass(frozen=True, slots=True)
class Counts:
    """What the sentence above the list says."""

    open: int
    due: int
    closed: int
    waiting: int


def counts(user: User, day: dt.date) -> Counts:
    """How many are open, wait for their outcome, are closed, and how many answers one reader waits for."""
    rows = with_state(Consultation.objects.all(), day)
    found = rows.aggregate(
        **{state: Count("pk", filter=Q(state=state)) for state in ConsultationState.values}
    )
    heard = open_on(day).filter(heard_by(user)).values("pk")
    waiting = ConsultationAsk.objects.filter(consultation__in=heard, state__in=OPEN_ASKS)
    return Counts(**found, waiting=waiting.count())


def may_ask(user: User, release: Release | None, initiative: Initiative | None) -> bool:
    """Whether this person may ask champions: contributors, and whoever leads what it is about."""
    if may(user, Right.EDIT_ORGANISATION):
        return True
    if release is not None:
        return may_change(user, release)
    return initiative is not None and may_change_initiative(user, initiative)


def may_lead(user: User, row: Consultation) -> bool:
    """Whether this person may ask more champions, change or close a consultation: who asked it, Product Ops."""
    return row.made_by_id == user.pk or may(user, Right.PRODUCT_OPS)


def hears(user: User, person: Person | None, row: Consultation, rows: Iterable[ConsultationAsk]) -> bool:
    """Whether this person reads who is asked what, and what they answer: who asks, who is asked, Product Ops."""
    if may_lead(user, row):
        return True
    return person is not None and (
        row.asked_by_id == person.pk or any(one.person_id == person.pk for one in rows)
    )


def sees_minutes(user: User, person: Person | None, of: int | None) -> bool:
    """Whether this person may see the minutes of a champion: their own, and Product Ops those of all."""
    return may(user, Right.PRODUCT_OPS) or (person is not None and person.pk == of)


def ask_by_link(token: str) -> ConsultationAsk | None:
    """The ask that the link of a mail opens."""
    return asks().filter(digest=digest_of(token)).first()


def asks() -> "QuerySet[ConsultationAsk]":
    """Asks, each with whom, of what, and the answer."""
    return ConsultationAsk.objects.select_related(
        "consultation__asked_by",
        "consultation__made_by",
        "consultation__release",
        "person__user",
        "mandate",
        "answer",
    )


def stamp_of(answer: ConsultationAnswer | None) -> str:
    """What tells an answer from the one that takes its place; empty if there is none."""
    return answer.answered_at.isoformat() if answer else ""


def is_going_on(row: Consultation) -> bool:
    """Whether what it is about still comes or is out: of what is withdrawn or archived nobody is asked any more."""
    about = row.release
    return about is None or (about.archived_at is None and about.state != ReleaseState.WITHDRAWN)


def going_on(of: str = "") -> Q:
    """The same for the database to look for; `of` leads to the consultation."""
    withdrawn = Q(**{f"{of}release__state": ReleaseState.WITHDRAWN})
    return Q(**{f"{of}release__archived_at": None}) & ~withdrawn


def is_gone(person: Person, day: dt.date) -> bool:
    """Whether somebody works here no more, or was erased: they are asked nothing."""
    has_left = person.left_on is not None and person.left_on <= day
    return person.archived_at is not None or has_left or is_erased(person)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a consultation is about: words, places, what is released or undertaken."""

    text: str
    area: Area | None = None
    market: Market | None = None
    release: Release | None = None
    initiative: Initiative | None = None
    functions: Collection[str] = ()
    language: str = ""


def whom_to_ask(subject: Subject, now: dt.datetime) -> Telling:
    """The champions of the places that it is about; of what its words speak of, if no place is known or has any."""
    areas = {subject.area.pk} if subject.area else set()
    markets = {subject.market.pk} if subject.market else set()
    if subject.release is not None:
        markets |= set(subject.release.markets.values_list("market_id", flat=True))
        areas |= {subject.release.area_id} if subject.release.area_id and not subject.area else set()
    if subject.initiative is not None:
        for area, market in concerned(subject.initiative):
            areas |= {area} if area else set()
            markets |= {market} if market else set()
    by_words: Any = {"now": now, "language": subject.language, "functions": subject.functions}
    if not areas and not markets:
        return whom_to_tell(subject.text, **by_words)
    told = whom_it_concerns(areas=areas, markets=markets, **by_words)
    if told.answer.proposals:
        return told
    said = whom_to_tell(subject.text, **by_words, known=told)
    return replace(said, answer=replace(said.answer, gaps=told.answer.gaps))


def concerned(initiative: Initiative) -> Iterable[tuple[int | None, int | None]]:
    """The areas and the markets that have a part in an initiative."""
    rows = Involvement.objects.filter(initiative=initiative).exclude(area=None, market=None)
    return rows.order_by("pk").values_list("area", "market")


def mandates_of(people: Collection[int], subject: Subject, day: dt.date) -> dict[int, Mandate]:
    """As what each of these people is asked: the mandate of the place it is about, or else their first."""
    rows = Mandate.objects.as_of(day).filter(role=MandateRole.CHAMPION, person__in=people).order_by("pk")
    found: dict[int, Mandate] = {}
    for row in rows:
        if row.person_id not in found or (_fits(row, subject) and not _fits(found[row.person_id], subject)):
            found[row.person_id] = row
    return found


def _fits(row: Mandate, subject: Subject) -> bool:
    is_area = subject.area is not None and row.area_id == subject.area.pk
    return is_area or (subject.market is not None and row.market_id == subject.market.pk)


@dataclass(frozen=True, slots=True)
class ShownAsk:
    """One champion who is asked, as a page shows them."""

    row: ConsultationAsk
    function: str
    minutes: int | None
    has_state: bool


def shown_asks(rows: Sequence[ConsultationAsk], user: User, person: Person | None) -> list[ShownAsk]:
    """Those who are asked: answers first, the greatest change first.

    Minutes for their own and Product Ops; who did not answer (in time) for themselves, whoever asks and Product Ops.
    """
    weight = {Impact.HIGH: 0, Impact.LOW: 1, Impact.NONE: 2}
    labels = dict(Function.choices)
    found = []
    for row in rows:
        answer = getattr(row, "answer", None)
        minutes = answer.minutes if answer and sees_minutes(user, person, row.person_id) else None
        asks_it = row.consultation.made_by_id == user.pk or (
            person is not None and row.consultation.asked_by_id == person.pk
        )
        has_state = asks_it or sees_minutes(user, person, row.person_id)
        found.append(ShownAsk(row, str(labels.get(row.mandate.function, "")), minutes, has_state))

    def order(one: ShownAsk) -> tuple[int, str]:
        answer = getattr(one.row, "answer", None)
        return (weight[Impact(answer.impact)] if answer else 3, one.row.person.name_folded)

    return sorted(found, key=order)


def due_asks(person: Person, now: dt.datetime) -> "QuerySet[ConsultationAsk]":
    """What waits for the answer of somebody, the nearest day first; what is late stays until it is closed."""
    rows = asks().filter(going_on("consultation__"), person=person)
    rows = rows.filter(consultation__closed_at=None, expires_at__gt=now)
    wanted = (AskState.WAITING, AskState.REMINDED, AskState.LAPSED)
    return rows.filter(state__in=wanted).order_by("consultation__due_on", "pk")


def waiting(user: User, person: Person | None, now: dt.datetime) -> list[Rows]:
    """What somebody is asked in time, and what they asked whose outcome is awaited with how many answered."""
    day = clock.today(now)
    mine = with_state(Consultation.objects.filter(made_by=user), day)
    over = counted(mine.filter(state=ConsultationState.DUE))
    found = [waits(over, "owed", day="due_on", place="answered")]
    if person is not None:
        asked = due_asks(person, now).filter(consultation__due_on__gte=day).select_related(None)
        names = {"number": "consultation_id", "title": "consultation__title", "day": "consultation__due_on"}
        found.append(waits(asked, "asked", **names))
    return found


def is_something_due(now: dt.datetime) -> bool:
    """Whether somebody waits to be asked or reminded, or the day of an answer is over."""
    rows = ConsultationAsk.objects.filter(going_on("consultation__"), consultation__closed_at=None)
    day = clock.today(now)
    soon = (day, day + REMIND_BEFORE)
    to_ask = to_reach() & Q(state=AskState.HELD, consultation__due_on__gt=day)
    to_remind = to_reach() & Q(state=AskState.WAITING, reminded_at=None, consultation__due_on__range=soon)
    over = Q(state__in=ASKED, consultation__due_on__lt=day)
    return rows.filter(to_ask | to_remind | over).exists()


def to_reach() -> Q:
    """The asks of those whom Vertebra writes to; to all others a link is handed over."""
    return Q(person__in=Person.objects.filter(reachable()).values("pk"))
