"""What pain points need each day: their question asked and read, their counts, notes on people forgotten."""

from django.utils.translation import gettext_lazy as _

from vertebra.discovery.actions.follow_up import recount
from vertebra.discovery.actions.re_asks import AskedAlready, NobodyToAsk, ask_again, read_answers
from vertebra.discovery.actions.stances import erase_stances
from vertebra.discovery.models import HurtGroup
from vertebra.discovery.queries.hurting import groups_of, size_of
from vertebra.discovery.queries.pain_points import current
from vertebra.discovery.queries.re_asks import due, to_read
from vertebra.discovery.queries.stances import to_erase
from vertebra.kit import clock
from vertebra.kit.jobs import job


@job(words=_("Ask again what pain points cost, and read the answers"))
def ask_what_it_costs() -> dict[str, int]:
    """Open the askings that are due, read those that are over; too few to ask waits until more are named."""
    now = clock.now()
    day = clock.today(now)
    done = {"asked": 0, "read": 0, "waiting": 0}
    for re_ask in to_read(day).order_by("pk"):
        read_answers(actor=None, re_ask=re_ask, now=now)
        done["read"] += 1
    for re_ask in due(day).order_by("due_on", "pk"):
        try:
            ask_again(actor=None, re_ask=re_ask, now=now)
        except NobodyToAsk:
            done["waiting"] += 1
        except AskedAlready:  # by somebody, since we looked
            continue
        else:
            done["asked"] += 1
    return done


def something_to_ask_or_read() -> bool:
    """Whether an asking is due, or over."""
    day = clock.today()
    return due(day).exists() or to_read(day).exists()


@job(words=_("Count pain points again"), apart=True)
def recount_pain_points() -> int:
    """Bring counts, trends and the sizes of groups up to the day."""
    now = clock.now()
    rows = list(current())
    recount(rows, now)
    day = clock.today(now)
    sizes: dict[object, int] = {}
    for group in HurtGroup.objects.filter(pain_point__archived_at__isnull=True):
        [named] = groups_of([group])
        if named not in sizes:
            sizes[named] = size_of(named, day)
        if group.people_count != sizes[named]:
            HurtGroup.objects.filter(pk=group.pk).update(people_count=sizes[named])
    return len(rows)


@job(words=_("Forget notes on people whose subject has closed"))
def forget_stances() -> int:
    """Erase what was noted of people towards what is closed since a day."""
    now = clock.now()
    rows = list(to_erase(now))
    erase_stances(actor=None, stances=rows, now=now)
    return len(rows)


def something_to_forget() -> bool:
    """Whether notes on people outlived their subject."""
    return to_erase(clock.now()).exists()
