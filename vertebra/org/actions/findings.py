"""Looking again for empty spaces and gaps, and keeping what people said of them."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max

from vertebra.accounts import audit
from vertebra.accounts.audit import RowChange
from vertebra.accounts.labels import Kind, Operation
from vertebra.accounts.models import AuditEntry, User
from vertebra.kit import clock
from vertebra.kit.text import fold
from vertebra.org.actions.watchers import index_spaces, tell_watchers
from vertebra.org.empty_spaces import place_of
from vertebra.org.gaps import FoundGap, all_gaps
from vertebra.org.labels import SETTLED, SpaceState
from vertebra.org.models import EmptySpace, EmptySpaceNeighbour, Gap, Look
from vertebra.org.rules import Candidate, Thing, all_candidates

MODEL = EmptySpace._meta.label_lower
GAP_FIELDS = ("subject", "unit_id", "person_id", "area_id", "market_id", "role", "people_count", "evidence")


@transaction.atomic
def refresh_findings(*, actor: User | None = None, now: dt.datetime) -> AuditEntry | None:
    """Look for empty spaces and gaps as the organisation is today; nothing is written when nothing changed.

    What somebody explained stays explained until its evidence changes; what is no longer found counts as filled.
    """
    day = clock.today(now)
    look, _is_first = Look.objects.select_for_update().get_or_create(
        pk=1, defaults={"at": now, "day": day, "entry_id": 0}
    )
    found = all_candidates(day)
    spaces = _Spaces(day, now)
    spaces.refresh([one for one in found if len(one.neighbours) >= 2])
    gaps = _refresh_gaps(all_gaps(day, [one for one in found if len(one.neighbours) < 2]), day)
    entry = None
    counts = {name: count for name, count in {**spaces.counts, **gaps}.items() if count}
    if counts:
        entry = audit.record(
            actor=actor,
            verb="refresh",
            kind=Kind.EMPTY_SPACE,
            particulars=counts,
            now=now,
            rows=spaces.changes,
        )
        tell_watchers(spaces.news, entry=entry, actor=actor, now=now)
        index_spaces(spaces.touched, now=now)
    look.at, look.day = now, day
    look.entry_id = AuditEntry.objects.aggregate(latest=Max("id"))["latest"] or 0
    look.save()
    return entry


class _Spaces:
    """One refresh of the empty spaces that rules find."""

    def __init__(self, day: dt.date, now: dt.datetime) -> None:
        self.day = day
        self.now = now
        self.known = {
            space.key: space for space in EmptySpace.objects.exclude(key="").prefetch_related("neighbours")
        }
        self.changes: list[RowChange] = []
        self.touched: list[EmptySpace] = []
        self.news: list[EmptySpace] = []
        self.counts = {"spaces_found": 0, "spaces_changed": 0, "spaces_reopened": 0, "spaces_filled": 0}

    def refresh(self, candidates: list[Candidate]) -> None:
        """Bring the empty spaces in line with what the rules find now."""
        found = {candidate.key for candidate in candidates}
        self._create([one for one in candidates if one.key not in self.known])
        stale = [self.known[one.key] for one in candidates if one.key in self.known and self._bring(one)]
        gone = [
            space
            for space in self.known.values()
            if space.key not in found and space.no_longer_found_on is None
        ]
        for space in gone:
            self._close(space)
        EmptySpace.objects.bulk_update(
            [*stale, *gone],
            ["evidence", "fingerprint", "state", "reason", "settled_fingerprint", "no_longer_found_on",
             "changed_at", "area_id", "market_id"],
            batch_size=200,
        )  # fmt: skip
        still = EmptySpace.objects.exclude(key="").filter(no_longer_found_on__isnull=True)
        still.filter(latest_seen_on__lt=self.day).update(latest_seen_on=self.day)

    def _create(self, candidates: list[Candidate]) -> None:
        made = EmptySpace.objects.bulk_create(
            [
                EmptySpace(
                    rule=candidate.rule,
                    key=candidate.key,
                    evidence=candidate.proof(),
                    fingerprint=candidate.fingerprint,
                    first_seen_on=self.day,
                    latest_seen_on=self.day,
                    changed_at=self.now,
                    **_about(candidate.subject),
                )
                for candidate in candidates
            ],
            batch_size=500,
        )
        EmptySpaceNeighbour.objects.bulk_create(
            [
                EmptySpaceNeighbour(space=space, **{f"{thing.kind}_id": thing.id})
                for space, candidate in zip(made, candidates, strict=True)
                for thing in candidate.neighbours
            ],
            batch_size=1000,
        )
        self.changes += [RowChange(MODEL, space.pk, Operation.CREATED) for space in made]
        self.touched += made
        self.counts["spaces_found"] = len(made)

    def _bring(self, candidate: Candidate) -> bool:
        """Bring one known empty space up to date; whether a row must be written."""
        space = self.known[candidate.key]
        proof = candidate.proof()
        is_back = space.no_longer_found_on is not None
        is_other = space.fingerprint != candidate.fingerprint
        if space.evidence == proof and not is_other and not is_back:
            return False
        values: dict[str, Any] = {"fingerprint": candidate.fingerprint, "no_longer_found_on": None}
        is_settled = space.state in SETTLED and space.archived_at is None
        if is_settled and space.settled_fingerprint != candidate.fingerprint:
            values |= {
                "state": SpaceState.OPEN,
                "reason": "",
                "settled_fingerprint": "",
                "changed_at": self.now,
            }
            self.counts["spaces_reopened"] += 1
            self.news.append(space)
        elif is_other or is_back:
            self.counts["spaces_changed"] += 1
        self._move_neighbours(space, candidate)
        self._write(space, values)
        space.evidence = proof
        for name, value in _about(candidate.subject).items():
            setattr(space, name, value)
        self.touched.append(space)
        return True

    def _close(self, space: EmptySpace) -> None:
        values: dict[str, Any] = {"no_longer_found_on": self.day}
        if space.archived_at is None and space.state != SpaceState.FILLED:
            values |= {"state": SpaceState.FILLED, "changed_at": self.now}
            self.news.append(space)
        # Whatever is found again is news again.
        values |= {"settled_fingerprint": ""}
        self._write(space, values)
        self.touched.append(space)
        self.counts["spaces_filled"] += 1

    def _write(self, space: EmptySpace, values: dict[str, Any]) -> None:
        before = {name: getattr(space, name) for name in values}
        touched = [name for name, value in values.items() if before[name] != value]
        for name in touched:
            setattr(space, name, values[name])
        if touched:
            self.changes.append(
                RowChange(
                    MODEL,
                    space.pk,
                    Operation.CHANGED,
                    {name: before[name] for name in touched},
                    {name: values[name] for name in touched},
                )
            )

    def _move_neighbours(self, space: EmptySpace, candidate: Candidate) -> None:
        """Replace the neighbours that the rule named by those it names now; what people added stays."""
        if space.archived_at is not None:
            return
        told = {(one["kind"], one["id"]) for one in space.evidence.get("neighbours", [])}
        wanted = {(one.kind, one.id) for one in candidate.neighbours}
        there = {place: row.pk for row in space.neighbours.all() if (place := place_of(row))}
        gone = [there[place] for place in told - wanted if place in there]
        if gone:
            EmptySpaceNeighbour.objects.filter(pk__in=gone).delete()
        EmptySpaceNeighbour.objects.bulk_create(
            [
                EmptySpaceNeighbour(space=space, **{f"{kind}_id": one})
                for kind, one in sorted(wanted - there.keys())
            ]
        )


def _about(subject: Thing) -> dict[str, int | None]:
    return {
        "area_id": subject.id if subject.kind == "area" else None,
        "market_id": subject.id if subject.kind == "market" else None,
    }


def _refresh_gaps(found: Iterable[FoundGap], day: dt.date) -> dict[str, int]:
    """Bring the administrative list in line with what the rules find now, and count what differs."""
    known = {gap.key: gap for gap in Gap.objects.all()}
    new, changed = [], []
    keys = set()
    reopened = 0
    for one in found:
        keys.add(one.key)
        values = {name: getattr(one, name) for name in GAP_FIELDS} | {"words": _words(one)}
        # It was missing before anybody looked, if what is known tells since when.
        since = min(one.since or day, day)
        gap = known.get(one.key)
        if gap is None:
            new.append(Gap(rule=one.rule, key=one.key, first_seen_on=since, latest_seen_on=day, **values))
        elif gap.ended_on is not None or any(getattr(gap, name) != value for name, value in values.items()):
            if gap.ended_on is not None:
                reopened += 1
                gap.first_seen_on, gap.ended_on = max(since, gap.ended_on), None
            for name, value in values.items():
                setattr(gap, name, value)
            changed.append(gap)
    gone = [gap.pk for gap in known.values() if gap.key not in keys and gap.ended_on is None]
    Gap.objects.bulk_create(new, batch_size=1000)
    fields = [name.removesuffix("_id") for name in (*GAP_FIELDS, "words")]
    Gap.objects.bulk_update(changed, [*fields, "first_seen_on", "ended_on"], batch_size=200)
    for start in range(0, len(gone), 500):
        Gap.objects.filter(pk__in=gone[start : start + 500]).update(ended_on=day)
    Gap.objects.filter(ended_on__isnull=True, latest_seen_on__lt=day).update(latest_seen_on=day)
    return {
        "gaps_found": len(new) + reopened,
        "gaps_changed": len(changed) - reopened,
        "gaps_ended": len(gone),
    }


def _words(gap: FoundGap) -> str:
    """What the search within the list looks at: where, and whom it names, folded."""
    names = gap.evidence.get("names")
    told = [gap.subject, *(names if isinstance(names, list) else ())]
    return fold(" ".join(str(one) for one in told))[:500]
