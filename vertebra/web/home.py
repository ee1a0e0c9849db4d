"""What a person finds on coming in: what waits for them, what changed in what they follow, what became of what they raised."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from vertebra.accounts.models import AuditEntry, User, Watch
from vertebra.kit.home import Block, Need, Part
from vertebra.web.registry import entries

NEEDS = 7
CHANGES = 12


@dataclass(frozen=True, slots=True)
class Home:
    """The home page of one person, today."""

    leads: list[str]
    needs: list[Need]
    more_needs: int
    changes: list[AuditEntry]
    is_following: bool
    blocks: list[Block]


def home_of(user: User, now: dt.datetime) -> Home:
    """Gather what every module has to say to this person; at most seven things wait at once."""
    parts: list[Part] = [provider(user, now) for provider in entries("HOME")]
    changes = list(followed_changes(user)[:CHANGES])
    needs = [need for part in parts for need in part.needs]
    return Home(
        leads=[part.lead for part in parts if part.lead],
        needs=needs[:NEEDS],
        more_needs=max(0, len(needs) - NEEDS),
        changes=changes,
        is_following=bool(changes) or Watch.objects.filter(user=user).exists(),
        blocks=[block for part in parts for block in part.blocks],
    )


def followed_changes(user: User) -> QuerySet[AuditEntry]:
    """What others did to the objects that the person follows, latest first."""
    followed = Watch.objects.filter(user=user, kind=OuterRef("kind"), object_id=OuterRef("object_id"))
    return AuditEntry.objects.filter(Exists(followed)).exclude(actor=user).order_by("-id")
