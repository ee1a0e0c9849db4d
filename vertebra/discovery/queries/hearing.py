"""Whom a campaign wants to hear and where each stands, as the conversations say it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When

from vertebra.accounts.models import User
from vertebra.accounts.permissions import Right, may
from vertebra.accounts.tokens import digest_of
from vertebra.discovery.labels import CampaignState, InterviewState, InviteState
from vertebra.discovery.models import Campaign, Interview, ToHear
from vertebra.org.labels import Function

# Rows with more columns than their model has.
Rows = QuerySet[Any, Any]
LINK_LASTS = dt.timedelta(days=60)
# Moments shown to one person at once.
MOMENTS = 5


def campaigns_open_to(user: User) -> "QuerySet[Campaign, Any]":
    """The campaigns that somebody may open: those of Product Ops are theirs alone."""
    return Campaign.objects.all() if may(user, Right.PRODUCT_OPS) else Campaign.objects.none()


def _talks(**states: object) -> "QuerySet[Interview, Any]":
    same = Interview.objects.filter(
        campaign=OuterRef("campaign"), person=OuterRef("person"), archived_at=None, **states
    )
    return same.order_by("-starts_at", "-pk")


def with_stands(rows: "QuerySet[ToHear, Any]") -> Rows:
    """The rows with `stands` (their state as the conversations say it), and the next conversation's id and moment."""
    planned = _talks(state=InterviewState.PLANNED)
    held = _talks(state=InterviewState.HELD)
    stands = Case(
        When(Exists(held), then=Value(InviteState.HEARD.value)),
        When(Exists(planned), then=Value(InviteState.AGREED.value)),
        # The conversation fell away: whoever was invited once still is.
        When(
            Q(state__in=(InviteState.AGREED, InviteState.HEARD)) & Q(invited_at__isnull=False),
            then=Value(InviteState.INVITED.value),
        ),
        When(state__in=(InviteState.AGREED, InviteState.HEARD), then=Value(InviteState.PLANNED.value)),
        default=F("state"),
        output_field=CharField(),
    )
    return rows.annotate(
        stands=stands,
        talk_id=Subquery(planned.values("pk")[:1]),
        talk_at=Subquery(planned.values("starts_at")[:1]),
        held_id=Subquery(held.values("pk")[:1]),
        held_on=Subquery(held.values("held_on")[:1]),
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a campaign is: how many people in each state, and the functions nobody was heard from yet."""

    total: int
    heard: int
    agreed: int
    invited: int
    declined: int
    to_invite: int
    waiting: int
    proposals: int
    by_function: tuple[tuple[Function, int, int], ...]

    @property
    def silent(self) -> list[Function]:
        """The functions from which nobody was heard yet."""
        return [function for function, total, heard in self.by_function if total and not heard]


def progress_of(campaign: Campaign) -> Progress:
    """Count the people of a campaign by where they stand, and by function, in one query."""
    rows = with_stands(ToHear.objects.filter(campaign=campaign)).order_by()
    counted = rows.values("function", "stands").annotate(
        people=Count("pk"),
        waiting=Count("pk", filter=Q(is_waiting=True)),
        proposals=Count("pk", filter=~Q(proposal="")),
    )
    states = dict.fromkeys(InviteState.values, 0)
    totals: dict[str, list[int]] = {}
    waiting = proposals = 0
    for row in counted:
        states[row["stands"]] += row["people"]
        waiting += row["waiting"]
        proposals += row["proposals"]
        mine = totals.setdefault(row["function"] or Function.OTHER, [0, 0])
        mine[0] += row["people"]
        mine[1] += row["people"] if row["stands"] == InviteState.HEARD else 0
    return Progress(
        total=sum(states.values()),
        heard=states[InviteState.HEARD],
        agreed=states[InviteState.AGREED],
        invited=states[InviteState.INVITED],
        declined=states[InviteState.DECLINED],
        to_invite=states[InviteState.PLANNED],
        waiting=waiting,
        proposals=proposals,
        by_function=tuple(
            (Function(code), totals[code][0], totals[code][1]) for code in Function.values if code in totals
        ),
    )


def counted_campaigns(rows: "QuerySet[Campaign, Any]") -> Rows:
    """Campaigns with how many people each wants to hear, and how many of them were heard."""
    heard = Interview.objects.filter(
        campaign=OuterRef("campaign"), person=OuterRef("person"), state=InterviewState.HELD, archived_at=None
    )
    people = ToHear.objects.filter(campaign=OuterRef("pk")).order_by().values("campaign")
    total = people.annotate(many=Count("pk")).values("many")
    done = people.filter(Exists(heard)).annotate(many=Count("pk")).values("many")
    return rows.annotate(people_count=Subquery(total), heard_count=Subquery(done))


def row_of_link(token: str) -> ToHear | None:
    """The person whose link this is."""
    rows = ToHear.objects.select_related("campaign", "person__user", "interviewer")
    return rows.filter(digest=digest_of(token)).first()


def is_open(row: ToHear, now: dt.datetime) -> bool:
    """Whether a link to be heard still opens: sixty days, as long as the campaign lasts."""
    campaign = row.campaign
    is_over = campaign.state == CampaignState.CLOSED or campaign.archived_at is not None
    return not is_over and row.invited_at is not None and now < row.invited_at + LINK_LASTS


def talk_of(row: ToHear) -> Interview | None:
    """The conversation that was held or is to come, if there is one."""
    mine = Interview.objects.filter(campaign=row.campaign_id, person=row.person_id, archived_at=None)
    wanted = mine.filter(state__in=(InterviewState.HELD, InterviewState.PLANNED))
    return wanted.select_related("interviewer", "person", "campaign").order_by("state", "-pk").first()


def free_moments(row: ToHear, now: dt.datetime, most: int | None = MOMENTS) -> list[dt.datetime]:
    """The moments offered to somebody that are still to come and that nobody else took, spread over what is left."""
    offered = sorted(dt.datetime.fromisoformat(one) for one in row.offered)
    coming = [moment for moment in offered if moment > now]
    if not coming:
        return []
    taken = Interview.objects.filter(
        interviewer=row.interviewer_id,
        state=InterviewState.PLANNED,
        archived_at=None,
        starts_at__gte=coming[0] - dt.timedelta(hours=8),
        starts_at__lt=coming[-1] + dt.timedelta(minutes=row.minutes),
    ).values_list("starts_at", "minutes")
    busy = [(at, at + dt.timedelta(minutes=minutes)) for at, minutes in taken if at]
    length = dt.timedelta(minutes=row.minutes)
    free = [one for one in coming if not any(one < end and start < one + length for start, end in busy)]
    if most is None or len(free) <= most:
        return free
    # Not everybody is shown the same first five: each begins elsewhere, and steps over all that is free.
    step = len(free) / most
    first = row.pk % max(1, int(step))
    return sorted({free[(first + int(at * step)) % len(free)] for at in range(most)})
