"""One gesture from the stage that costs launches most to an initiative with its figure."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from vertebra.accounts.audit import Refusal
from vertebra.accounts.models import User
from vertebra.kit import clock
from vertebra.roadmap.actions.initiatives import create_initiative
from vertebra.roadmap.actions.key_results import Wanted, set_key_result
from vertebra.roadmap.labels.initiatives import InitiativeKind, InitiativeState
from vertebra.roadmap.models import Initiative, Playbook
from vertebra.roadmap.queries.launches import comparison


class NoSuchStage(Refusal):
    """Only a stage that launches went through can be shortened."""


def _under_way(stage: str) -> Initiative | None:
    """What is undertaken already to shorten a stage, in whatever language it was."""
    titles = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            titles.append(_("Shorten the stage “%(stage)s” of our launches") % {"stage": stage})
    rows = Initiative.objects.filter(kind=InitiativeKind.OPERATING_MODEL, title__in=titles, archived_at=None)
    return rows.exclude(state=InitiativeState.CLOSED).order_by("pk").first()


@transaction.atomic
def take_on_stage(*, actor: User | None, playbook_id: int | None, stage: str, now: dt.datetime) -> Initiative:
    """Undertake to shorten a stage: what it takes today is the baseline, what was planned the target."""
    stages = comparison(playbook_id, clock.today(now)).compared.stages
    found = next((one for one in stages if one.name == stage), None)
    if found is None or found.taken is None or found.planned is None:
        raise NoSuchStage(_("No launch went through this stage yet."))
    # Held, so that the same gesture made in two tabs undertakes it once.
    list(Playbook.objects.select_for_update().order_by("pk").values_list("pk"))
    if (before := _under_way(found.name)) is not None:
        return before
    told = {
        "stage": found.name, "count": found.launches, "taken": round(found.taken),
        "planned": round(found.planned), "longest": found.longest,
    }  # fmt: skip
    row = create_initiative(
        actor=actor,
        kind=InitiativeKind.OPERATING_MODEL,
        title=_("Shorten the stage “%(stage)s” of our launches") % told,
        description=_(
            "Over %(count)s launches, “%(stage)s” took %(taken)s days where %(planned)s were planned; the longest took %(longest)s."
        )
        % told,
        language=(get_language() or "fr")[:2],
        now=now,
    )
    if found.planned < found.taken:
        wanted = Wanted(
            name=_("Days that “%(stage)s” takes") % told, today=float(found.taken),
            is_lower_better=True, target=float(found.planned),
        )  # fmt: skip
        set_key_result(actor=actor, initiative=row, wanted=wanted, now=now)
    return row
