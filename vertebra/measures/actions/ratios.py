"""Ratios: the shipped ones taken over, one's own, and their values counted from the directory."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from vertebra.accounts import audit
from vertebra.accounts.audit import NothingChanges, Refusal
from vertebra.accounts.labels import Kind
from vertebra.accounts.models import AuditEntry, User
from vertebra.analysis import ratios as analysis
from vertebra.kit import clock
from vertebra.measures.actions.metrics import MetricValues, create_metric
from vertebra.measures.actions.values import Value, record_values
from vertebra.measures.labels.metrics import Combining, Direction, Grain, MetricUnit
from vertebra.measures.labels.plans import MANAGERS, REPORTS, SHIPPED
from vertebra.measures.models import Metric, RatioRule
from vertebra.measures.queries.ratios import counts_on, month_ends, rules, spells

_OF_REPORTS = frozenset({REPORTS, MANAGERS})


class NothingCounted(Refusal):
    """A ratio counts somebody, for somebody else."""


class NameTaken(Refusal):
    """Two ratios have two names."""


@transaction.atomic
def adopt_ratios(*, actor: User, language: str, now: dt.datetime) -> AuditEntry:
    """Watch the ratios that ship with Vertebra: each becomes a metric of the catalogue."""
    taken = set(RatioRule.objects.values_list("name", flat=True))
    tracker = audit.Tracker()
    for position, (_code, label, many, one, threshold, is_per_unit) in enumerate(SHIPPED):
        name = str(label)
        if name not in taken:
            rule = RatioRule(
                name=name, many=list(many), one=list(one), threshold=threshold, is_per_unit=is_per_unit,
                metric=_metric(actor, name, language, now), position=position,
            )  # fmt: skip
            tracker.create(rule)
    if not tracker.changes:
        raise NothingChanges(_("They are watched already."))
    return audit.record(
        actor=actor, verb="take", kind=Kind.RATIO, object_name=_("the usual ratios"), now=now, rows=tracker.changes
    )  # fmt: skip


@transaction.atomic
def create_ratio(
    *,
    actor: User,
    name: str,
    many: Sequence[str],
    one: Sequence[str],
    threshold: float | None,
    is_per_unit: bool,
    language: str,
    now: dt.datetime,
) -> RatioRule:
    """Watch a ratio of one's own."""
    name = _checked(name, many, one)
    if RatioRule.objects.filter(name=name).exists():
        raise NameTaken(_("There is a ratio of this name already."))
    tracker = audit.Tracker()
    rule = RatioRule(
        name=name, many=list(many), one=list(one), threshold=threshold, is_per_unit=is_per_unit,
        metric=_metric(actor, name, language, now), position=RatioRule.objects.count(),
    )  # fmt: skip
    tracker.create(rule)
    _record(actor, "create", rule, tracker, now)
    return rule


@transaction.atomic
def change_ratio(
    *,
    actor: User,
    rule: RatioRule,
    name: str,
    many: Sequence[str],
    one: Sequence[str],
    threshold: float | None,
    is_per_unit: bool,
    now: dt.datetime,
) -> AuditEntry:
    """Change what a ratio counts, or above what it is too many."""
    row = RatioRule.objects.select_for_update().get(pk=rule.pk)
    name = _checked(name, many, one)
    if RatioRule.objects.filter(name=name).exclude(pk=row.pk).exists():
        raise NameTaken(_("There is a ratio of this name already."))
    tracker = audit.Tracker()
    touched = tracker.change(
        row, name=name, many=list(many), one=list(one), threshold=threshold, is_per_unit=is_per_unit
    )
    if not touched:
        raise NothingChanges(_("It is written like this already."))
    return _record(actor, "change", row, tracker, now)


@transaction.atomic
def archive_ratio(*, actor: User, rule: RatioRule, is_archived: bool, now: dt.datetime) -> AuditEntry:
    """Watch a ratio no longer, or again; its metric stays with its values."""
    row = RatioRule.objects.select_for_update().get(pk=rule.pk)
    if bool(row.archived_at) == is_archived:
        raise NothingChanges(_("It is so already."))
    tracker = audit.Tracker()
    tracker.change(row, archived_at=now if is_archived else None)
    return _record(actor, "archive" if is_archived else "restore", row, tracker, now)


@transaction.atomic
def record_ratios(*, actor: User | None, now: dt.datetime) -> int:
    """Count every ratio from the directory, month by month for three years; gives how many values were new."""
    today = clock.today(now)
    watched = [rule for rule in rules() if rule.metric_id]
    if not watched:
        return 0
    months = month_ends(today)
    days = [end for _start, end in months]
    people = analysis.heads(spells(today, days[0]), days)
    managers = counts_on(today)
    new = 0
    for rule in watched:
        if rule.metric is not None:
            values = _values(rule, months, people, managers)
            found = record_values(actor=actor, metric=rule.metric, rows=values, now=now)
            new += found.new + found.corrected
    return new


def _values(
    rule: RatioRule,
    months: Sequence[tuple[dt.date, dt.date]],
    people: dict[str, list[dict[str, int]]],
    managers: dict[str, int],
) -> list[Value]:
    """The values of a ratio; who reports to whom is known of today only."""
    if _OF_REPORTS & {*rule.many, *rule.one}:
        start, end = months[-1]
        now = analysis.point(end, managers, rule.many, rule.one)
        return [Value(start, round(now.value, 4), behind=now.one)] if now.value is not None else []
    wanted = list(people) if rule.is_per_unit else [""]
    found = []
    for part in wanted:
        for (start, end), counts in zip(months, people.get(part, []), strict=False):
            one = analysis.point(end, counts, rule.many, rule.one)
            if one.value is not None:
                found.append(Value(start, round(one.value, 4), part[:120], one.one))
    return found


def _metric(actor: User, name: str, language: str, now: dt.datetime) -> Metric:
    values = MetricValues(
        name=name, language=language, unit=MetricUnit.RATIO, direction=Direction.KEEP, grain=Grain.MONTH,
        combining=Combining.LATEST, where_from=_("Counted from the directory"),
        definition=_("People of the first functions for one of the second, on the last day of the month."),
    )  # fmt: skip
    return create_metric(actor=actor, values=values, now=now)


def _checked(name: str, many: Sequence[str], one: Sequence[str]) -> str:
    name = " ".join(name.split())[:120]
    if not name or not many or not one or set(many) & set(one):
        raise NothingCounted(_("A ratio has a name, and counts people of some functions for one of others."))
    return name


def _record(
    actor: User | None, verb: str, rule: RatioRule, tracker: audit.Tracker, now: dt.datetime
) -> AuditEntry:
    return audit.record(
        actor=actor, verb=verb, kind=Kind.RATIO, object_id=rule.pk, object_name=rule.name, now=now,
        rows=tracker.changes,
    )  # fmt: skip
