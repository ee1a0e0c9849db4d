"""What units, areas and markets are called on a day, for the words of actions; refused when they are not there."""

import datetime as dt

from django.utils.translation import gettext as _

from vertebra.accounts.audit import Refusal
from vertebra.org.actions.over_time import NotOnThatDay, said
from vertebra.org.models import Area, AreaVersion, Market, Unit, UnitVersion

Target = Unit | Area | Market


class MarketClosed(Refusal):
    """The market is archived: nothing new is held or owned there."""


def target_field(target: Target) -> dict[str, Target]:
    """The field of a mandate or an ownership that names this unit, area or market."""
    return {target._meta.model_name or "": target}


def name_of_target(target: Target, on: dt.date) -> str:
    """What the unit, area or market is called on that day; refused if it is not there then."""
    if isinstance(target, Market):
        if target.archived_at is not None:
            raise MarketClosed(_("%(name)s is archived: restore it first.") % {"name": target.name})
        return target.name
    name = name_on(target.pk if isinstance(target, Unit) else None, target.pk, on)
    if not name:
        raise NotOnThatDay(_("This does not exist on %(day)s.") % {"day": said(on)})
    return name


def name_on(unit_id: int | None, area_id: int | None, on: dt.date) -> str:
    """The name of a unit, or else of an area, on a day; nothing if it is not there."""
    if unit_id:
        versions = UnitVersion.objects.as_of(on).filter(unit=unit_id)
    else:
        versions = AreaVersion.objects.as_of(on).filter(area=area_id)
    return versions.values_list("name", flat=True).first() or ""
