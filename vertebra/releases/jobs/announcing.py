"""Jobs of announcements: what is due goes to the outbox, what goes on is looked after, those who raised it are told."""

from django.utils.translation import gettext_lazy as _

from vertebra.kit import clock
from vertebra.kit.jobs import job
from vertebra.releases.actions.announcing import begin_announcement
from vertebra.releases.actions.announcing_filling import fill, follow_up, look_after
from vertebra.releases.actions.raisers import tell_raisers
from vertebra.releases.labels.awareness import AnnouncementKind, AnnouncementState
from vertebra.releases.models import Announcement
from vertebra.releases.queries.announcement_states import due_announcements, is_something_to_tell
from vertebra.releases.queries.raised_since import note_looked, to_look_at
from vertebra.releases.queries.raisers import to_answer

# What a correction waits for may be filled in the same run.
ROUNDS = 2


@job(words=_("Announce releases"), priority=5)
def announce_releases() -> dict[str, int]:
    """Tell what is due, each person once; done again after a crash, it goes on where it stopped."""
    now = clock.now()
    queued = corrected = 0
    for _round in range(ROUNDS):
        for row in due_announcements(now).select_related("release", "audience", "correction_of"):
            if row.kind != AnnouncementKind.FIRST:
                corrected += follow_up(row, now)
            elif is_begun(row) or begin_announcement(actor=None, announcement=row, now=now):
                queued += fill(row, now)
    return {"queued": queued, "corrected": corrected, "ended": look_after(now)}


def is_begun(row: Announcement) -> bool:
    """Whether its letters are written."""
    return row.state == AnnouncementState.SENDING


def something_to_announce() -> bool:
    """Whether an announcement is due or under way."""
    return is_something_to_tell(clock.now())


@job(words=_("Tell those who raised what a release answers"))
def tell_those_who_raised() -> int:
    """Tell whoever raised or relayed what came out lately, once; what nothing is new of is not looked at again."""
    now = clock.now()
    rows = to_look_at(now)
    entries = [tell_raisers(actor=None, release=row, now=now) for row in rows]
    note_looked(rows, now)
    return sum(int(entry.particulars["people"]) for entry in entries if entry)


def somebody_raised() -> bool:
    """Whether a release that came out lately answers something."""
    return to_answer(clock.now()).exists()
