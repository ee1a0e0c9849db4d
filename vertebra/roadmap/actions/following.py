"""What happens to a quick win that an audit proposed when the initiative that carries it out starts, is done, stops."""

import datetime as dt

from vertebra.accounts.models import User
from vertebra.discovery.actions import quick_wins as discovery
from vertebra.discovery.labels import QuickWinState
from vertebra.kit import clock
from vertebra.roadmap.models import Initiative
from vertebra.roadmap.queries.proposals import proposal_of


def follow_start(actor: User | None, row: Initiative, now: dt.datetime) -> None:
    """Start the proposal that this initiative carries out."""
    win = proposal_of(row)
    if win and actor and win.state in {QuickWinState.PROPOSED, QuickWinState.DROPPED}:
        latest = clock.today(now) + discovery.WITHIN
        due = min(row.due_on or latest, latest)
        discovery.start_quick_win(actor=actor, quick_win=win, due_on=max(due, clock.today(now)), now=now)


def follow_delivery(actor: User | None, row: Initiative, now: dt.datetime) -> None:
    """Say of the proposal too that it is done: those it relieves are asked again."""
    win = proposal_of(row)
    if win and actor and win.state == QuickWinState.STARTED:
        discovery.deliver_quick_win(actor=actor, quick_win=win, now=now)


def follow_drop(actor: User | None, row: Initiative, reason: str, now: dt.datetime) -> None:
    """Drop the proposal with the same reason."""
    win = proposal_of(row)
    if win and actor and win.state in {QuickWinState.PROPOSED, QuickWinState.STARTED}:
        discovery.drop_quick_win(actor=actor, quick_win=win, reason=reason or row.lesson, now=now)
