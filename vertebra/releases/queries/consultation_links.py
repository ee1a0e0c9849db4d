"""Links that are handed over: to champions whom no mail reaches, while their answer is waited for."""

import datetime as dt

from django.utils.translation import gettext as _

from vertebra.kit import clock
from vertebra.releases.labels.consultations import AskState
from vertebra.releases.models import ConsultationAsk
from vertebra.releases.queries.audiences import can_be_reached
from vertebra.releases.queries.consultations import is_going_on, is_gone


def is_by_hand(ask: ConsultationAsk) -> bool:
    """Whether a champion waits for a link that somebody hands them: no mail reaches them, and they have none."""
    return ask.state == AskState.HELD and not can_be_reached(ask.person)


def why_no_link(ask: ConsultationAsk, now: dt.datetime) -> str:
    """Why no link is made for Product Ops to hand over; empty if one may be."""
    row, day = ask.consultation, clock.today(now)
    if row.closed_at is not None:
        return _("This consultation is closed: it stays as it was.")
    if not is_going_on(row):
        return _("It is withdrawn or archived: this is asked no more.")
    if ask.state == AskState.ANSWERED:
        return _("This person has answered already.")
    if is_gone(ask.person, day) or ask.expires_at <= now:
        return _("This is asked no more.")
    # Who holds a link answers in somebody's place: nobody else holds that of whom a message reaches.
    if can_be_reached(ask.person):
        return _("Vertebra writes to this person: nobody else is given their link.")
    if ask.state == AskState.HELD and row.due_on < day:
        return _("Its day is over: give more time first.")
    return ""
