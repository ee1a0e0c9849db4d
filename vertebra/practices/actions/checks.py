"""Checks of a practice: chosen, written, tried on the past, switched on and off, adapted by a team."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.analysis.expressions.parsing import parse
from vertebra.analysis.expressions.tokens import ExpressionError
from vertebra.kit import clock
from vertebra.org.models import Unit
from vertebra.practices.hygiene import library
from vertebra.practices.labels.checks import CheckKind, RuleKind, TrialState, rule_said, wrong_said
from vertebra.practices.models import (
    Check,
    CheckAdaptation,
    CheckScope,
    CheckTrial,
    Practice,
)
from vertebra.practices.queries.checks import is_built_together, name_of

# An adaptation is looked at again after a year at most.
LONGEST_ADAPTATION = dt.timedelta(days=366)


class NoSuchCheck(Refusal):
    """The library has no such check."""


class CannotRead(Refusal):
    """What is written is no expression."""


class NoName(Refusal):
    """A check that was written here has a name."""


class NotTried(Refusal):
    """A check is tried on the past before it is switched on."""


class NotBuiltTogether(Refusal):
    """A check runs only inside a practice that has a why and co-authors."""


class IsOn(Refusal):
    """A check that is on is switched off before it is changed."""


class NoReason(Refusal):
    """A team that adapts a check says why and until when."""


def _locked(check: Check) -> Check:
    return Check.objects.select_for_update(of=("self",)).select_related("practice").get(pk=check.pk)


def _record(
    actor: User | None, verb: str, row: Check, tracker: audit.Tracker, now: dt.datetime, **told: Any
) -> AuditEntry:
    return audit.record(
        actor=actor, verb=verb, kind=Kind.CHECK, object_id=row.pk, object_name=name_of(row), now=now,
        rows=tracker.changes, particulars={"practice": row.practice.name, **told},
    )  # fmt: skip


@transaction.atomic
def choose_check(
    *, actor: User, practice: Practice, code: str, parameters: Mapping[str, Any], now: dt.datetime
) -> Check:
    """Take a check of the library into a practice; it is off."""
    if code not in library():
        raise NoSuchCheck(_("The library has no such check."))
    shipped = library()[code]
    row = Check(
        practice=practice, kind=CheckKind.SHIPPED, code=code, name=str(shipped.name)[:200],
        parameters=shipped.settled(parameters),
    )  # fmt: skip
    return _made(actor, row, now)


@transaction.atomic
def write_check(
    *,
    actor: User,
    practice: Practice,
    name: str,
    how: str,
    among: str,
    flags: str,
    language: str,
    now: dt.datetime,
) -> Check:
    """Write a check of one's own into a practice; it is off."""
    row = Check(
        practice=practice, kind=CheckKind.OWN, name=_named(name), how=how.strip(), among=_read(among, is_optional=True),
        flags=_read(flags), language=language,
    )  # fmt: skip
    return _made(actor, row, now)


@transaction.atomic
def observe_rule(*, actor: User, practice: Practice, rule: Mapping[str, Any], now: dt.datetime) -> Check:
    """Have a practice look at histories: a rule that work items keep to, or not; it is off."""
    told = _rule(rule)
    row = Check(practice=practice, kind=CheckKind.RULE, name=rule_said(told)[:200], parameters=told)
    return _made(actor, row, now)


def _made(actor: User, row: Check, now: dt.datetime) -> Check:
    # Of two who take the same at once, the second one is told that it is there.
    Practice.objects.select_for_update(no_key=True).get(pk=row.practice_id)
    alike = Check.objects.filter(practice=row.practice_id, kind=row.kind, code=row.code, archived_at=None)
    if row.kind != CheckKind.OWN and any(one.parameters == row.parameters for one in alike):
        raise NothingChanges(_("The practice has this check already."))
    row.made_by, row.created_at, row.changed_at = actor, now, now
    tracker = audit.Tracker()
    tracker.create(row)
    _record(actor, "create", row, tracker, now)
    return row


def _named(name: str) -> str:
    if not name.strip():
        raise NoName(_("Say what it is called: people read the name before the rest."))
    return " ".join(name.split())[:200]


def _read(text: str, *, is_optional: bool = False) -> str:
    """The expression, if it is one."""
    if is_optional and not text.strip():
        return ""
    try:
        parse(text)
    except ExpressionError as wrong:
        raise CannotRead(wrong_said(wrong.code, wrong.at, wrong.particulars)) from None
    return text.strip()


_NEEDS: Mapping[str, tuple[str, ...]] = {
    RuleKind.PHASES: ("phases",),
    RuleKind.BEFORE: ("first", "then"),
    RuleKind.ANSWER: ("step", "answers", "days"),
    RuleKind.NEVER: ("step", "never"),
    RuleKind.PRESENT: ("step", "field_present"),
    RuleKind.FOUR_EYES: ("first", "then"),
}


def _rule(told: Mapping[str, Any]) -> dict[str, Any]:
    """A rule with all that it needs, and nothing else."""
    kind = str(told.get("rule", ""))
    needed = _NEEDS.get(kind)
    if needed is None or any(not told.get(name) for name in needed):
        raise CannotRead(_("The rule lacks a step, a field or a number of days: fill in what is empty."))
    found: dict[str, Any] = {"rule": kind, **{name: told[name] for name in needed}}
    if kind == RuleKind.PHASES and len(found["phases"]) < 2:
        raise CannotRead(_("Phases in order are two at least."))
    return found


@transaction.atomic
def change_check(
    *,
    actor: User,
    check: Check,
    values: Mapping[str, Any],
    parameters: Mapping[str, Any] | None = None,
    now: dt.datetime,
) -> AuditEntry:
    """Say a check otherwise while it is off; it is tried on the past anew before it goes on."""
    row = _locked(check)
    if row.on_since:
        raise IsOn(_("Switch it off first: what is on does not change under the eyes of teams."))
    given = dict(values)
    if row.kind == CheckKind.OWN:
        given["name"] = _named(str(given.get("name", row.name)))
        given["flags"] = _read(str(given.get("flags", row.flags)))
        given["among"] = _read(str(given.get("among", row.among)), is_optional=True)
    if parameters is not None:
        is_shipped = row.kind == CheckKind.SHIPPED
        given["parameters"] = library()[row.code].settled(parameters) if is_shipped else _rule(parameters)
        given["name"] = row.name if is_shipped else rule_said(given["parameters"])[:200]
    tracker = audit.Tracker()
    if not tracker.change(row, **given):
        raise NothingChanges(_("It is written like this already."))
    tracker.change(row, changed_at=now)
    return _record(actor, "change", row, tracker, now)


@transaction.atomic
def ask_trial(*, actor: User, check: Check, now: dt.datetime) -> CheckTrial:
    """Have a check tried on the past; a try that waits already is enough."""
    row = _locked(check)
    waiting = row.trials.filter(state=TrialState.WAITING, asked_at__gte=row.changed_at).first()
    if waiting:
        return waiting
    trial = CheckTrial(check_row=row, asked_by=actor, asked_at=now)
    tracker = audit.Tracker()
    tracker.create(trial)
    _record(actor, "try_check", row, tracker, now)
    return trial


@transaction.atomic
def switch_on(*, actor: User, check: Check, now: dt.datetime) -> AuditEntry:
    """Let a check look from today on, once its practice has a why and co-authors and it was tried on the past."""
    row = _locked(check)
    if row.on_since:
        raise NothingChanges(_("It is on already."))
    if not is_built_together(row.practice):
        raise NotBuiltTogether(
            _(
                "A check runs only inside a practice that says why and is built with co-authors: add them first."
            )
        )
    if not row.trials.filter(state=TrialState.DONE, asked_at__gte=row.changed_at).exists():
        raise NotTried(_("Try it on the past first, so that everybody sees what it would have found."))
    tracker = audit.Tracker()
    tracker.change(row, on_since=now)
    return _record(actor, "switch_on", row, tracker, now)


@transaction.atomic
def switch_off(*, actor: User, check: Check, now: dt.datetime) -> AuditEntry:
    """Let a check look no longer; what it found stays."""
    row = _locked(check)
    if not row.on_since:
        raise NothingChanges(_("It is off already."))
    tracker = audit.Tracker()
    tracker.change(row, on_since=None)
    return _record(actor, "switch_off", row, tracker, now)


@transaction.atomic
def archive_check(*, actor: User, check: Check, now: dt.datetime) -> AuditEntry:
    """Take a check out of its practice; it is off from then on."""
    row = _locked(check)
    if row.archived_at:
        raise NothingChanges(_("It is put away already."))
    tracker = audit.Tracker()
    tracker.change(row, on_since=None, archived_at=now)
    return _record(actor, "archive", row, tracker, now)


@transaction.atomic
def scope_check(*, actor: User, check: Check, units: Collection[Unit], now: dt.datetime) -> AuditEntry:
    """Say in which units a check looks; none means wherever the practice is."""
    row = _locked(check)
    wanted = {unit.pk for unit in units}
    held = {scope.unit_id: scope for scope in row.scopes.all()}
    if wanted == held.keys():
        raise NothingChanges(_("It looks there already."))
    tracker = audit.Tracker()
    for unit_id, scope in held.items():
        if unit_id not in wanted:
            tracker.delete(scope)
    tracker.create_all([CheckScope(check_row=row, unit_id=unit) for unit in sorted(wanted - held.keys())])
    return _record(actor, "change", row, tracker, now)


@transaction.atomic
def adapt_check(
    *,
    actor: User,
    check: Check,
    unit: Unit,
    parameters: Mapping[str, Any],
    is_off: bool,
    reason: str,
    ends_on: dt.date,
    now: dt.datetime,
) -> CheckAdaptation:
    """Set a check otherwise for a team, or off there, with a reason and until a day."""
    row, today = _locked(check), clock.today(now)
    if not reason.strip() or not today < ends_on <= today + LONGEST_ADAPTATION:
        raise NoReason(_("Say why, and until which day within a year: then it is looked at again."))
    settled = (
        library()[row.code].settled({**row.parameters, **parameters}) if row.kind == CheckKind.SHIPPED else {}
    )
    if not is_off and settled == row.parameters:
        raise NothingChanges(_("It is set like this already."))
    made = CheckAdaptation(
        check_row=row, unit=unit, parameters={} if is_off else settled, is_off=is_off, reason=reason.strip(),
        starts_on=today, ends_on=ends_on, made_by=actor, created_at=now,
    )  # fmt: skip
    tracker = audit.Tracker()
    tracker.create(made)
    _record(actor, "adapt", row, tracker, now)
    return made
