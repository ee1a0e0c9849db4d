"""Reporting empty spaces, taking care of them, explaining them, merging those said twice."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, SharedLink, User
from vertebra.kit import clock
from vertebra.kit.text import fold
from vertebra.org.actions.watchers import index_spaces, tell, tell_watchers, watch_space
from vertebra.org.empty_spaces import Neighbour, person_of, place_of, title_of
from vertebra.org.labels import SETTLED, SpaceState
from vertebra.org.models import EmptySpace, EmptySpaceNeighbour, EmptySpaceReport, Person


class TooFewNeighbours(Refusal):
    """An empty space lies between two neighbours at least."""


class NothingSaid(Refusal):
    """A report says what nobody takes care of."""


class ReportedBefore(Refusal):
    """The same person has reported the same empty space before."""


class NoReason(Refusal):
    """Explaining an empty space away needs a reason that others can read."""


class NobodyYouAre(Refusal):
    """Only somebody of the organisation can take an empty space on; this account is nobody's."""


class NotAMerge(Refusal):
    """An empty space is merged into another one that is still there."""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody reports: in one sentence, between whom, in which language, under which name if any."""

    sentence: str
    neighbours: Sequence[Neighbour]
    language: str
    reporter_name: str = ""


@transaction.atomic
def report_space(
    *,
    actor: User | None,
    said: Said,
    now: dt.datetime,
    adds_to: EmptySpace | None = None,
    link: SharedLink | None = None,
) -> AuditEntry:
    """Report that nobody takes care of something; said again of a known empty space, it adds to that one.

    A report on what was explained or filled is new evidence: the empty space is open again.
    """
    sentence = " ".join(said.sentence.split())
    if not sentence:
        raise NothingSaid(_("Say in one sentence what nobody takes care of."))
    neighbours = list(
        {(one.kind, one.id, fold(one.name) if not one.id else ""): one for one in said.neighbours}.values()
    )
    if adds_to is None and len(neighbours) < 2:
        raise TooFewNeighbours(_("Name the two or more between whom nobody takes care of it."))
    tracker = audit.Tracker()
    space = _current(adds_to) if adds_to else _new_space(tracker, sentence, said.language, now)
    if actor and space.reports.filter(reported_by=actor).exists():
        raise ReportedBefore(_("You have reported this one already: it counts once for each person."))
    tracker.create(
        EmptySpaceReport(
            space=space,
            sentence=sentence,
            language=said.language,
            reported_by=actor,
            reporter_name=str(actor) if actor else said.reporter_name,
            link=link,
            at=now,
        )
    )
    is_reopened = space.state in SETTLED
    changes: dict[str, Any] = {"report_count": space.report_count + 1}
    if is_reopened:
        changes |= {"state": SpaceState.OPEN, "reason": "", "settled_fingerprint": "", "changed_at": now}
    tracker.change(space, **changes)
    _add_neighbours(tracker, space, neighbours)
    if actor:
        watch_space(tracker, space, actor, now)
    entry = _record(actor, "report", space, tracker, now, reporter=said.reporter_name, to_name=sentence)
    if is_reopened:
        tell_watchers([space], entry=entry, actor=actor, now=now)
    index_spaces([space], now=now)
    return entry


def _new_space(tracker: audit.Tracker, sentence: str, language: str, now: dt.datetime) -> EmptySpace:
    day = clock.today(now)
    space = EmptySpace(
        sentence=sentence, language=language, first_seen_on=day, latest_seen_on=day, changed_at=now
    )
    tracker.create(space)
    return space


def _add_neighbours(tracker: audit.Tracker, space: EmptySpace, neighbours: Sequence[Neighbour]) -> None:
    rows = list(space.neighbours.all())
    placed = {place_of(row) for row in rows}
    words = {fold(row.name) for row in rows if row.name}
    for one in neighbours:
        if one.id and (one.kind, one.id) not in placed:
            tracker.create(EmptySpaceNeighbour(space=space, **{f"{one.kind}_id": one.id}))
        elif not one.id and fold(one.name) not in words:
            tracker.create(EmptySpaceNeighbour(space=space, name=one.name.strip()[:100]))


@transaction.atomic
def take_space(*, actor: User, space: EmptySpace, now: dt.datetime) -> AuditEntry:
    """Take an empty space on oneself: it is being filled."""
    person = person_of(actor)
    if person is None:
        raise NobodyYouAre(
            _("Your account is not yet tied to a person of the organisation: propose someone instead.")
        )
    space = _locked(space)
    return _settle(actor, "take", space, now, state=SpaceState.BEING_FILLED, owner=person, reason="")


@transaction.atomic
def propose_owner(*, actor: User, space: EmptySpace, person: Person, now: dt.datetime) -> AuditEntry:
    """Propose somebody to take care of an empty space; they are asked, and nothing else changes."""
    space = _locked(space)
    state = SpaceState.OPEN if space.state in SETTLED else space.state
    entry = _settle(actor, "propose", space, now, state=state, owner=person, reason="")
    if person.user and person.user != actor:
        tell(person.user, space, "empty_space_proposed", entry=entry, now=now)
    return entry


@transaction.atomic
def start_filling(*, actor: User, space: EmptySpace, now: dt.datetime) -> AuditEntry:
    """Say that an empty space is being filled."""
    return _settle(actor, "start", _locked(space), now, state=SpaceState.BEING_FILLED, reason="")


@transaction.atomic
def fill_space(*, actor: User, space: EmptySpace, now: dt.datetime) -> AuditEntry:
    """Say that somebody now takes care of it; a rule that still sees it waits until its evidence changes."""
    return _settle(actor, "fill", _locked(space), now, state=SpaceState.FILLED, reason="")


@transaction.atomic
def explain_space(*, actor: User, space: EmptySpace, reason: str, now: dt.datetime) -> AuditEntry:
    """Say why it is no empty space, until the evidence changes."""
    if not reason.strip():
        raise NoReason(_("Say why this is no empty space: others will read it."))
    return _settle(actor, "explain", _locked(space), now, state=SpaceState.EXPLAINED, reason=reason.strip())


@transaction.atomic
def reopen_space(*, actor: User, space: EmptySpace, now: dt.datetime) -> AuditEntry:
    """Say that nobody takes care of it after all."""
    return _settle(actor, "reopen", _locked(space), now, state=SpaceState.OPEN, owner=None, reason="")


@transaction.atomic
def rename_space(*, actor: User, space: EmptySpace, sentence: str, now: dt.datetime) -> AuditEntry:
    """Say more clearly what nobody takes care of; what each person reported stays as they said it."""
    sentence = " ".join(sentence.split())
    if not sentence:
        raise NothingSaid(_("Say in one sentence what nobody takes care of."))
    space = _locked(space)
    before = title_of(space)
    tracker = audit.Tracker()
    if not tracker.change(space, sentence=sentence, language=actor.language):
        raise NothingChanges(_("It is said like this already."))
    entry = _record(actor, "change", space, tracker, now, changes={"sentence": [before, sentence]})
    index_spaces([space], now=now)
    return entry


@transaction.atomic
def merge_spaces(*, actor: User, kept: EmptySpace, duplicate: EmptySpace, now: dt.datetime) -> AuditEntry:
    """Merge an empty space into another that says the same: reports, neighbours and followers come along."""
    if kept.pk == duplicate.pk:
        raise NotAMerge(_("Choose another empty space: this one is the one you are looking at."))
    first, second = sorted((kept.pk, duplicate.pk))
    locked = {row.pk: row for row in EmptySpace.objects.select_for_update().filter(pk__in=(first, second))}
    kept, duplicate = locked[kept.pk], locked[duplicate.pk]
    if kept.archived_at or duplicate.archived_at:
        raise NotAMerge(_("One of the two was merged into another before."))
    tracker = audit.Tracker()
    names = [_as_neighbour(row) for row in duplicate.neighbours.all()]
    _add_neighbours(tracker, kept, names)
    already = set(kept.reports.exclude(reported_by=None).values_list("reported_by", flat=True))
    moved = 0
    for report in duplicate.reports.select_related("reported_by"):
        if report.reported_by_id in already:
            continue
        tracker.change(report, space=kept)
        moved += 1
        if report.reported_by:
            watch_space(tracker, kept, report.reported_by, now)
    tracker.change(
        kept,
        report_count=kept.report_count + moved,
        first_seen_on=min(kept.first_seen_on, duplicate.first_seen_on),
    )
    tracker.change(duplicate, merged_into=kept, archived_at=now)
    entry = _record(actor, "merge", kept, tracker, now, to_name=title_of(duplicate), other=duplicate.pk)
    index_spaces([kept, duplicate], now=now)
    return entry


def _as_neighbour(row: EmptySpaceNeighbour) -> Neighbour:
    place = place_of(row)
    return Neighbour(place[0], place[1], "") if place else Neighbour("word", 0, row.name)


def _locked(space: EmptySpace) -> EmptySpace:
    return EmptySpace.objects.select_for_update(of=("self",)).select_related("owner").get(pk=space.pk)


def _current(space: EmptySpace) -> EmptySpace:
    """The empty space itself, or the one that it was merged into."""
    found = _locked(space)
    seen = {found.pk}
    while found.merged_into_id and found.merged_into_id not in seen:
        seen.add(found.merged_into_id)
        found = EmptySpace.objects.select_for_update().get(pk=found.merged_into_id)
    return found


def _settle(actor: User, verb: str, space: EmptySpace, now: dt.datetime, **values: Any) -> AuditEntry:
    """Change the state or the owner, write it down, tell those who follow."""
    if space.archived_at:
        raise NotAMerge(_("This one was merged into another: work on that one."))
    before = (space.state, space.owner.name if space.owner else "", space.reason)
    settled = space.fingerprint if values["state"] in SETTLED else ""
    tracker = audit.Tracker()
    if not tracker.change(space, **values, settled_fingerprint=settled):
        raise NothingChanges(_("Nothing changes: it is so already."))
    tracker.change(space, changed_at=now)
    after = (space.state, space.owner.name if space.owner else "", space.reason)
    told = zip(("state", "owner", "reason"), before, after, strict=True)
    changes = {name: [was, now_is] for name, was, now_is in told if was != now_is}
    entry = _record(actor, verb, space, tracker, now, changes=changes)
    if "state" in changes or "owner" in changes:
        tell_watchers([space], entry=entry, actor=actor, now=now)
    index_spaces([space], now=now)
    return entry


def _record(
    actor: User | None, verb: str, space: EmptySpace, tracker: audit.Tracker, now: dt.datetime, **told: Any
) -> AuditEntry:
    return audit.record(
        actor=actor,
        verb=verb,
        kind=Kind.EMPTY_SPACE,
        object_id=space.pk,
        object_name=title_of(space),
        particulars={name: value for name, value in told.items() if value},
        now=now,
        rows=tracker.changes,
    )
