"""What the thread of a practice or a routine tells beyond its links (list THREAD_TIES)."""

from django.utils.translation import gettext as _

from vertebra.accounts.labels import Kind
from vertebra.kit.cards import Tie
from vertebra.practices.models import Routine

MOST = 50


def ties(kind: str, object_id: int) -> list[Tie]:
    """The routines by which a practice is lived, the practice that a routine lives."""
    if kind == Kind.PRACTICE:
        rows = Routine.objects.filter(practice=object_id, archived_at=None).order_by("pk")
        told = rows.values_list("pk", "created_at")[:MOST]
        return [Tie(str(Kind.ROUTINE), pk, False, str(_("lives by")), "", at) for pk, at in told]
    if kind == Kind.ROUTINE:
        found = Routine.objects.filter(pk=object_id, practice__isnull=False)
        lived = found.values_list("practice", "created_at")
        return [Tie(str(Kind.PRACTICE), pk, True, str(_("is lived by")), "", at) for pk, at in lived]
    return []
