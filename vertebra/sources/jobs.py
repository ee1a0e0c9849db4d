"""Jobs of sources: deleting uploaded files once nobody needs them, and what jobs of large imports share."""

from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from vertebra.accounts.models import User
from vertebra.kit import clock
from vertebra.kit.jobs import Permanent, job
from vertebra.sources import actions, connections, drafts
from vertebra.sources.labels import ImportState, SyncState
from vertebra.sources.models import Connection, ImportRun, Source
from vertebra.sources.target import Target, Unfit, takers


@job(words=_("Delete uploaded files after thirty days"))
def forget_old_files() -> int:
    """Delete the files of imports that are thirty days old."""
    return actions.forget_old_files(actor=None, now=clock.now())


def look(run_id: int, target: Target) -> str:
    """Find out what a large import into a target would do."""
    found, user = _of(run_id)
    if found.state != ImportState.PLANNING:
        return str(found.state)
    with translation.override(user.language):
        try:
            drafts.look(actor=user, run=found, target=target, now=clock.now())
        except drafts.NotADraft as reason:
            return str(reason)
    return str(found.state)


def apply(run_id: int, target: Target) -> str:
    """Do to a target what the preview of a large import showed; run twice, it applies once."""
    found, user = _of(run_id)
    if found.state != ImportState.RUNNING:
        return str(found.state)
    with translation.override(user.language):
        try:
            drafts.carry_out(actor=user, run=found, target=target, now=clock.now())
        except Unfit as reason:
            return str(reason)
    return str(found.state)


def sync(source_id: int, targets: Sequence[Target]) -> str:
    """Read one connected system now; run twice, the second finds the first at work or changes nothing.

    What it has to read goes on by itself, a minute at a time, so that other jobs have their turn.
    """
    source = Source.objects.select_related("made_by").filter(pk=source_id).first()
    taking = takers(targets)
    if source is None:
        raise Permanent("The source is gone.")
    try:
        run = connections.read_source(
            actor=None,
            source=source,
            take=taking.releases,
            now=clock.now(),
            takes_work=taking.work,
            is_one_go=True,
        )
    except connections.AtWork:
        return "at work"
    if (
        run.state == SyncState.GOING
        and not Connection.objects.filter(source=source_id, paused_at=None).exists()
    ):
        return "paused"
    return str(run.state)


def sync_due(targets: Sequence[Target]) -> dict[str, int]:
    """Read every connected system whose turn has come."""
    taking = takers(targets)
    return connections.read_due(take=taking.releases, takes_work=taking.work, now=clock.now())


def something_to_sync() -> bool:
    """Whether a connected system is due."""
    return connections.due(clock.now()).exists()


def _of(run_id: int) -> tuple[ImportRun, User]:
    found = ImportRun.objects.select_related("source").filter(pk=run_id).first()
    user = User.objects.filter(pk=found.options.get("by")).first() if found else None
    if found is None or user is None:
        raise Permanent("The import or whoever asked for it is gone.")
    return found, user
