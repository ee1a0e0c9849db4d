"""Who raised or relayed what a release answers, and in which words: through its links, never one through another."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import Link, User
from vertebra.discovery.models import Evidence, HelpRequest, PainPoint
from vertebra.kit import clock
from vertebra.org.models import EmptySpaceReport, Person
from vertebra.org.queries.people import language_for
from vertebra.releases.labels.releases import ReleaseState
from vertebra.releases.models import Relay, Release
from vertebra.roadmap.actions.voices import address_in
from vertebra.roadmap.models import Topic, Voice

End = tuple[str, int]
# What came out before that is no news any more.
NEWS_FOR = dt.timedelta(days=60)
DEPTH = 6
# Where a step leads to what came before: from what is answered to what it was raised from.
_BACK = {
    Kind.RELEASE: (Relation.ANSWERS, Relation.CARRIES_OUT),
    Kind.INITIATIVE: (Relation.ANSWERS, Relation.CARRIES_OUT, Relation.RAISED_FROM),
    Kind.QUICK_WIN: (Relation.ANSWERS,),
    Kind.DECISION: (Relation.DECIDES,),
    Kind.TOPIC: (Relation.RAISED_FROM,),
}
_SHOWS = (Kind.HELP_REQUEST, Kind.EMPTY_SPACE)


@dataclass(frozen=True, slots=True)
class Said:
    """What one person said: in their own words, or what it is called where those are not for a mail; and about what."""

    words: str
    about: End


@dataclass(slots=True)
class Raiser:
    """Somebody to answer: an account or a mail address, in which language, what they said themselves."""

    language: str
    name: str = ""
    user: User | None = None
    email: str = ""
    said: list[Said] = field(default_factory=list)

    @property
    def key(self) -> str:
        """What makes two of them one."""
        return f"u{self.user.pk}" if self.user else f"e{self.email.casefold()}"


def to_answer(now: dt.datetime) -> "QuerySet[Release]":
    """What came out lately and answers something; passing on the release itself is no raising."""
    tied = Link.objects.filter(from_kind=Kind.RELEASE, from_id=OuterRef("pk"), ended_at=None)
    rows = Release.objects.filter(
        state=ReleaseState.RELEASED, released_at__gte=now - NEWS_FOR, archived_at=None
    )
    return rows.filter(Exists(tied.filter(relation__in=_BACK[Kind.RELEASE]))).order_by("pk")


def behind_all(releases: Iterable[int]) -> dict[int, set[End]]:
    """Everything that each of these releases answers, and what that was raised from; asked of all at once."""
    found = {number: set[End]() for number in releases}
    fresh: dict[int, set[End]] = {number: {(str(Kind.RELEASE), number)} for number in found}
    for _step in range(DEPTH):
        before = _before({end for ends in fresh.values() for end in ends})
        steps = {
            number: {one for end in ends for one in before[end]} - found[number]
            for number, ends in fresh.items()
        }
        fresh = {number: ends for number, ends in steps.items() if ends}
        if not fresh:
            break
        for number, ends in fresh.items():
            found[number] |= ends
    return found


def _before(ends: Iterable[End]) -> dict[End, set[End]]:
    """What each of these was raised from."""
    ids: dict[str, set[int]] = defaultdict(set)
    for kind, number in ends:
        ids[kind].add(number)
    wanted = Q(pk__in=())
    for kind, numbers in ids.items():
        if kind in _BACK:
            wanted |= Q(from_kind=kind, from_id__in=numbers, relation__in=_BACK[Kind(kind)])
    shown = Q(
        to_kind=Kind.PAIN_POINT,
        to_id__in=ids[Kind.PAIN_POINT],
        relation=Relation.EVIDENCES,
        from_kind__in=_SHOWS,
    )
    found: dict[End, set[End]] = defaultdict(set)
    names = ("from_kind", "from_id", "to_kind", "to_id")
    for kind, number, *end in Link.objects.filter(wanted, ended_at=None).values_list(*names):
        found[kind, number].add((end[0], end[1]))
    for *end, kind, number in Link.objects.filter(shown, ended_at=None).values_list(*names):
        found[kind, number].add((end[0], end[1]))
    return found


def raisers_of(release: Release, now: dt.datetime) -> list[Raiser]:
    """Everybody who raised or relayed what a release answers and can be told, each once with what they said."""
    ids: dict[str, set[int]] = defaultdict(set)
    for kind, number in behind_all([release.pk])[release.pk]:
        ids[kind].add(number)
    # Their own words come first: of one thing each hears one.
    spoken = [
        *_of_help(ids[Kind.HELP_REQUEST]),
        *_of_spaces(ids[Kind.EMPTY_SPACE]),
        *_of_relays(ids[Kind.TOPIC]),
        *_of_topics(ids[Kind.TOPIC]),
        *_of_pain_points(ids[Kind.PAIN_POINT]),
    ]
    people = _People(spoken, clock.today(now))
    found: dict[str, Raiser] = {}
    for one in spoken:
        raiser = people.raiser(one)
        if raiser is None or (release.lead_id and people.is_person(raiser, release.lead_id)):
            continue
        kept = found.setdefault(raiser.key, raiser)
        if one.said.about not in {said.about for said in kept.said}:
            kept.said.append(one.said)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Spoken:
    """One thing that somebody said, by whichever name we know them."""

    said: Said
    language: str
    person: int | None = None
    user: int | None = None
    address: str = ""


def _of_topics(ids: set[int]) -> Iterator[_Spoken]:
    joined = Topic.objects.filter(pk__in=ids, merged_into__isnull=False).values_list("merged_into", flat=True)
    rows = Voice.objects.filter(topic__in={*ids, *(pk for pk in joined if pk)}).select_related("topic")
    for row in rows.order_by("pk"):
        said = Said(row.topic.title, _origin_of(row.topic))
        yield _Spoken(said, row.language, person=row.person_id, address=address_in(row.sealed_address))


def _origin_of(topic: Topic) -> End:
    """What a topic is about: what it was raised from, if anything."""
    return (topic.origin_kind, topic.origin_id) if topic.origin_id else (str(Kind.TOPIC), topic.pk)


def _of_help(ids: set[int]) -> Iterator[_Spoken]:
    rows = HelpRequest.objects.filter(pk__in=ids, archived_at=None, asked_by__isnull=False)
    for row in rows.order_by("pk"):
        yield _Spoken(
            Said(row.sentence, (str(Kind.HELP_REQUEST), row.pk)), row.language, user=row.asked_by_id
        )


def _of_spaces(ids: set[int]) -> Iterator[_Spoken]:
    rows = EmptySpaceReport.objects.filter(space__in=ids, reported_by__isnull=False)
    for row in rows.order_by("pk"):
        yield _Spoken(
            Said(row.sentence, (str(Kind.EMPTY_SPACE), row.space_id)), row.language, user=row.reported_by_id
        )


def _of_pain_points(ids: set[int]) -> Iterator[_Spoken]:
    """Whoever was heard on it: by what it is called, since words said in a conversation are not put in a mail."""
    rows = Evidence.objects.filter(pain_point__in=ids, ended_at=None, person__isnull=False)
    heard = rows.filter(verbatim__isnull=False, verbatim__withdrawn_at=None)
    named = heard.values_list("pain_point", "pain_point__title", "pain_point__language", "person").distinct()
    for pk, title, language, person in named.order_by("person", "pain_point"):
        yield _Spoken(Said(title, (str(Kind.PAIN_POINT), pk)), language, person=person)
    raised = PainPoint.objects.filter(pk__in=ids, archived_at=None, made_by__isnull=False)
    for row in raised.order_by("pk"):
        yield _Spoken(Said(row.title, (str(Kind.PAIN_POINT), row.pk)), row.language, user=row.made_by_id)


def _of_relays(topics: set[int]) -> Iterator[_Spoken]:
    """What champions passed on to those who build; what they told their trade of a release asks for no answer."""
    for row in Relay.objects.filter(topic__in=topics, release=None).order_by("pk"):
        yield _Spoken(Said(row.line, ("relay", row.pk)), row.language, person=row.person_id)


class _People:
    """Who is behind what was said, and where they are written to; read at once."""

    def __init__(self, spoken: Iterable[_Spoken], day: dt.date) -> None:
        rows = list(spoken)
        users = {one.user for one in rows if one.user}
        folded = {one.address.casefold() for one in rows if one.address}
        persons = {one.person for one in rows if one.person}
        present = Person.objects.present_on(day).filter(archived_at=None).select_related("user")
        # One question for each index: the three in one would read everybody.
        named = present.alias(folded=Lower("email")).exclude(email="")
        known = (
            present.filter(pk__in=persons),
            present.filter(user__in=users),
            named.filter(folded__in=folded - {""}),
        )
        self.persons = {row.pk: row for rows in known for row in rows}
        self.of_user = {row.user_id: row for row in self.persons.values() if row.user_id}
        self.of_mail = {row.email.casefold(): row for row in self.persons.values() if row.email}
        active = User.objects.filter(is_active=True)
        mailed = active.alias(folded=Lower("email")).filter(folded__in=folded - {""})
        accounts = [*active.filter(pk__in=users), *mailed]
        self.users = {row.pk: row for row in accounts}
        self.users_by_mail = {row.email.casefold(): row for row in accounts}
        gone = Person.objects.filter(Q(user__in=users)).exclude(pk__in=self.persons)
        self.left = set(gone.values_list("user_id", flat=True))

    def raiser(self, one: _Spoken) -> Raiser | None:
        """Who is told; nobody who left, nor whom no message reaches."""
        person = self._person(one)
        if one.person and person is None:
            return None
        if person is not None:
            return self._written_to(person, one.language)
        user = self.users.get(one.user or 0) or self.users_by_mail.get(one.address.casefold())
        if user is not None:
            return None if user.pk in self.left else Raiser(user.language or one.language, user.name, user)
        return Raiser(one.language, email=one.address) if one.address else None

    def _person(self, one: _Spoken) -> Person | None:
        if one.person:
            return self.persons.get(one.person)
        return self.of_user.get(one.user or 0) or self.of_mail.get(one.address.casefold())

    def _written_to(self, person: Person, language: str) -> Raiser | None:
        language = language_for(person, language)
        if person.user is not None:
            return Raiser(language, person.name, person.user) if person.user.is_active else None
        return Raiser(language, person.name, email=person.email) if person.email else None

    def is_person(self, raiser: Raiser, number: int) -> bool:
        """Whether this is that person."""
        person = self.persons.get(number)
        if person is None:
            return False
        if raiser.user is not None:
            return bool(raiser.user.pk == person.user_id)
        return bool(raiser.email.casefold() == person.email.casefold())
