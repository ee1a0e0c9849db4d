"""Jobs of the quarterly table: freezing it on its day, asking and reminding directors, answering everybody."""

from django.utils.translation import gettext_lazy as _

from vertebra.kit import clock
from vertebra.kit.jobs import job
from vertebra.roadmap.actions.answers import answer_voices
from vertebra.roadmap.actions.cycles import FEWEST_TOPICS, freeze_table
from vertebra.roadmap.actions.seats import follow_leavers, remind_directors, send_rankings
from vertebra.roadmap.actions.topics import recount_topics
from vertebra.roadmap.labels.topics import CycleState
from vertebra.roadmap.models import Cycle
from vertebra.roadmap.queries import decisions


@job(words=_("Look after the quarterly table: freeze, ask, remind"))
def look_after_cycles() -> int:
    """Do what is due today at each open table, and give how many tables that touched; done again, it does nothing."""
    now = clock.now()
    today = clock.today(now)
    touched = 0
    for cycle in Cycle.objects.filter(archived_at=None, state=CycleState.COLLECTING, freezes_on__lt=today):
        if cycle.table.count() >= FEWEST_TOPICS:
            freeze_table(actor=None, cycle=cycle, now=now)
            touched += 1
    for cycle in Cycle.objects.filter(archived_at=None, state=CycleState.RANKING):
        gone = follow_leavers(actor=None, cycle=cycle, now=now)
        # Whoever is asked today is not reminded today.
        reminded = remind_directors(actor=None, cycle=cycle, now=now)
        sent = send_rankings(actor=None, cycle=cycle, now=now)
        touched += bool(gone or reminded or sent)
    return touched


def is_table_open() -> bool:
    """Whether a table is collected or ranked."""
    return Cycle.objects.filter(
        archived_at=None, state__in=(CycleState.COLLECTING, CycleState.RANKING)
    ).exists()


@job(words=_("Tell those who raised a topic what was decided"))
def answer_everybody() -> int:
    """Tell everybody who waits what was decided, once each."""
    entry = answer_voices(actor=None, now=clock.now())
    return int(entry.particulars["count"]) if entry else 0


def is_answer_due() -> bool:
    """Whether somebody waits to be told a decision."""
    return decisions.somebody_waits()


@job(words=_("Read again what shows each topic"))
def recount_waiting_topics() -> int:
    """Bring the counts of topics that wait in line with what they were raised from."""
    entry = recount_topics(actor=None, now=clock.now())
    return int(entry.particulars["count"]) if entry else 0
