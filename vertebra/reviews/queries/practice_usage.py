"""What a practice was lived by and what it asked for, counted on the day of its review."""

import datetime as dt

from django.db.models import Sum

from vertebra.accounts.labels import Kind
from vertebra.kit import clock
from vertebra.practices.labels.routines import MeetingState
from vertebra.practices.models import Meeting, Practice, Template
from vertebra.practices.queries.adoption_figures import adoption_figures
from vertebra.practices.queries.time_asked import moment_of


def practice_figures(number: int, since: dt.date, until: dt.date) -> dict[str, int | None]:
    """Adoption by team, the time it asks and of how many, the meetings of its routines, the copies of its templates."""
    practice = Practice.objects.filter(pk=number).first()
    if practice is None:
        return {}
    held = Meeting.objects.filter(
        routine__practice=practice,
        state=MeetingState.HELD,
        at__gte=clock.midnight(since),
        at__lt=clock.midnight(until + dt.timedelta(days=1)),
    )
    copies = Template.objects.filter(practice=practice).aggregate(sum=Sum("copies"))["sum"]
    return {
        **adoption_figures(practice, since, until),
        **_asked(practice, until),
        "meetings": held.count(),
        "copies": copies or 0,
    }


def _asked(practice: Practice, day: dt.date) -> dict[str, int | None]:
    """Of how many people it asks time, and how many hours a month of all of them together."""
    moment = moment_of(day)
    people, minutes = 0, 0.0
    for one in moment.asked:
        if (one.kind, one.number) == (str(Kind.PRACTICE), practice.pk):
            count = sum(moment.people.get((unit, one.function), 0) for unit in one.units)
            people, minutes = people + count, minutes + one.minutes * count
    return {"people_asked": people, "asked_hours": round(minutes / 60)}
