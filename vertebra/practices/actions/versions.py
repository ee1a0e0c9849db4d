"""Versions of a practice: written in each language, with what it asks of each function; published for good."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.models import AuditEntry, User
from vertebra.practices.actions.standing import NotReady, open_one, refuse_unfit, written
from vertebra.practices.labels.practices import PracticeState
from vertebra.practices.models import Practice, PracticeCost, PracticeText, PracticeVersion
from vertebra.practices.queries.texts import versions_of

TEXT = ("name", "why", "for_whom", "when", "inputs", "outputs", "steps", "tools", "lives_at")


class NothingBefore(Refusal):
    """Only what replaces something that holds can be the same, better said."""


@transaction.atomic
def write_text(
    *, actor: User | None, practice: Practice, language: str, changes: Mapping[str, Any], now: dt.datetime
) -> AuditEntry:
    """Write what a practice says in a language: in the version being written, which begins with the one before."""
    row = open_one(practice)
    tracker = audit.Tracker()
    version = _draft(tracker, row, actor, now)
    text = version.texts.filter(language=language).first()
    if text is None:
        text = PracticeText(version=version, language=language, name=row.name)
        tracker.create(text)
    values = {name: value for name, value in changes.items() if name in TEXT}
    values["name"] = " ".join(str(values.get("name") or text.name).split())[:200]
    touched = tracker.change(text, **values)
    if not touched and not any(change.row_id == text.pk for change in tracker.changes):
        raise NothingChanges(_("It is written like this already."))
    if language == row.language:
        tracker.change(row, name=text.name)
    tracker.change(version, changed_at=now)
    return written("write", row, tracker, now, actor=actor, language=language)


@transaction.atomic
def set_costs(
    *, actor: User | None, practice: Practice, costs: Mapping[str, int], now: dt.datetime
) -> AuditEntry:
    """Say how many minutes a month a practice asks of each person of each function; none is said of the others."""
    row = open_one(practice)
    tracker = audit.Tracker()
    version = _draft(tracker, row, actor, now)
    wanted = {function: minutes for function, minutes in costs.items() if minutes}
    held = {cost.function: cost for cost in version.costs.all()}
    if {function: cost.minutes for function, cost in held.items()} == wanted:
        raise NothingChanges(_("It is written like this already."))
    for function, cost in held.items():
        if function not in wanted:
            tracker.delete(cost)
    for function, minutes in wanted.items():
        if function in held:
            tracker.change(held[function], minutes=minutes)
        else:
            tracker.create(PracticeCost(version=version, function=function, minutes=minutes))
    tracker.change(version, changed_at=now)
    return written("set_costs", row, tracker, now, actor=actor)


@transaction.atomic
def publish_version(
    *,
    actor: User | None,
    practice: Practice,
    what_changed: str = "",
    is_same: bool = False,
    now: dt.datetime,
) -> AuditEntry:
    """Publish what was written: it no longer changes. What was validated is built together again, unless it says the same."""
    row = open_one(practice)
    known = versions_of(row)
    if known.draft is None:
        raise NothingChanges(_("Nothing new is written: what holds is published."))
    if is_same and known.current is None:
        raise NothingBefore(_("Nothing holds that it could say better: publish it as a change."))
    if known.published and not what_changed.strip():
        raise NotReady(
            _("Say in one sentence what changed, and from what: those who live it read that first.")
        )
    refuse_unfit(known.draft)
    tracker = audit.Tracker()
    tracker.change(known.draft, published_at=now, what_changed=what_changed.strip(), is_same=is_same)
    if row.state == PracticeState.VALIDATED and not is_same:
        tracker.change(row, state=PracticeState.CO_BUILT)
    return written("publish", row, tracker, now, actor=actor, number=known.draft.number)


def _draft(tracker: audit.Tracker, row: Practice, actor: User | None, now: dt.datetime) -> PracticeVersion:
    """The version being written; a new one begins with what the latest says and costs."""
    known = versions_of(row)
    if known.draft is not None:
        return known.draft
    before = known.latest
    version = PracticeVersion(
        practice=row, number=before.number + 1, made_by=actor, created_at=now, changed_at=now
    )
    tracker.create(version)
    for text in before.texts.all():
        said = {name: getattr(text, name) for name in TEXT}
        tracker.create(PracticeText(version=version, language=text.language, **said))
    for cost in before.costs.all():
        tracker.create(PracticeCost(version=version, function=cost.function, minutes=cost.minutes))
    return version
