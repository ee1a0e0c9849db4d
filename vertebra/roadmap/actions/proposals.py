"""Quick wins that an audit proposed: undertaken as initiatives; what happens to one happens to the other."""

import datetime as dt

from django.db import transaction

from vertebra.accounts.labels import Kind, Relation
from vertebra.accounts.models import Link, User
from vertebra.discovery.actions import quick_wins as discovery
from vertebra.discovery.labels import QuickWinState
from vertebra.discovery.models import QuickWin
from vertebra.kit import clock
from vertebra.roadmap.actions.initiatives import QUICK_WIN_DAYS, create_initiative
from vertebra.roadmap.labels.initiatives import InitiativeKind
from vertebra.roadmap.models import Initiative


@transaction.atomic
def undertake_quick_win(*, actor: User, quick_win: QuickWin, now: dt.datetime) -> Initiative:
    """The initiative that carries out a quick win of an audit: the one there is, or a new one."""
    if found := initiative_of(quick_win):
        return found
    is_small = quick_win.days <= QUICK_WIN_DAYS
    return create_initiative(
        actor=actor,
        kind=InitiativeKind.QUICK_WIN if is_small else InitiativeKind.OPERATING_MODEL,
        title=quick_win.title,
        language=quick_win.language,
        lead=quick_win.owner,
        field=quick_win.pain_point.field,
        effort_days=quick_win.days,
        due_on=clock.today(now) + discovery.WITHIN,
        carries_out=(Kind.QUICK_WIN, quick_win.pk),
        answers=(Kind.PAIN_POINT, quick_win.pain_point_id),
        now=now,
    )


def initiative_of(quick_win: QuickWin) -> Initiative | None:
    """The initiative that carries out a quick win, if there is one."""
    links = Link.objects.filter(
        from_kind=Kind.INITIATIVE, relation=Relation.CARRIES_OUT, to_kind=Kind.QUICK_WIN,
        to_id=quick_win.pk, ended_at__isnull=True,
    )  # fmt: skip
    return Initiative.objects.filter(pk__in=links.values("from_id"), archived_at__isnull=True).first()


def follow_start(actor: User | None, row: Initiative, now: dt.datetime) -> None:
    """Start the proposal that this initiative carries out."""
    win = _proposal_of(row)
    if win and actor and win.state in {QuickWinState.PROPOSED, QuickWinState.DROPPED}:
        latest = clock.today(now) + discovery.WITHIN
        due = min(row.due_on or latest, latest)
        discovery.start_quick_win(actor=actor, quick_win=win, due_on=max(due, clock.today(now)), now=now)


def follow_delivery(actor: User | None, row: Initiative, now: dt.datetime) -> None:
    """Say of the proposal too that it is done: those it relieves are asked again."""
    win = _proposal_of(row)
    if win and actor and win.state == QuickWinState.STARTED:
        discovery.deliver_quick_win(actor=actor, quick_win=win, now=now)


def follow_drop(actor: User | None, row: Initiative, reason: str, now: dt.datetime) -> None:
    """Drop the proposal with the same reason."""
    win = _proposal_of(row)
    if win and actor and win.state in {QuickWinState.PROPOSED, QuickWinState.STARTED}:
        discovery.drop_quick_win(actor=actor, quick_win=win, reason=reason or row.lesson, now=now)


def _proposal_of(row: Initiative) -> QuickWin | None:
    links = Link.objects.filter(
        from_kind=Kind.INITIATIVE, from_id=row.pk, relation=Relation.CARRIES_OUT, to_kind=Kind.QUICK_WIN,
        ended_at__isnull=True,
    )  # fmt: skip
    return QuickWin.objects.filter(pk__in=links.values("to_id")).first()
