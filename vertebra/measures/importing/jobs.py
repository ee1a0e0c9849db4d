"""Jobs of large imports of values: looking at the file, and applying what was previewed."""

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from vertebra.accounts.models import User
from vertebra.kit import clock
from vertebra.kit.jobs import Permanent, job
from vertebra.measures.importing.target import MEASURES
from vertebra.sources import drafts
from vertebra.sources.labels import ImportState
from vertebra.sources.models import ImportRun
from vertebra.sources.target import Unfit


def _of(run_id: int) -> tuple[ImportRun, User]:
    found = ImportRun.objects.select_related("source").filter(pk=run_id).first()
    user = User.objects.filter(pk=found.options.get("by")).first() if found else None
    if found is None or user is None:
        raise Permanent("The import or whoever asked for it is gone.")
    return found, user


@job(words=_("Look at the files of an import"))
def look_at_measures(run_id: int) -> str:
    """Find out what a large import of values would do."""
    found, user = _of(run_id)
    if found.state != ImportState.PLANNING:
        return str(found.state)
    with translation.override(user.language):
        try:
            drafts.look(actor=user, run=found, target=MEASURES, now=clock.now())
        except drafts.NotADraft as reason:
            return str(reason)
    return str(found.state)


@job(words=_("Apply an import"))
def apply_measures(run_id: int) -> str:
    """Do what the preview of a large import showed; run twice, it applies once."""
    found, user = _of(run_id)
    if found.state != ImportState.RUNNING:
        return str(found.state)
    with translation.override(user.language):
        try:
            drafts.carry_out(actor=user, run=found, target=MEASURES, now=clock.now())
        except Unfit as reason:
            return str(reason)
    return str(found.state)
