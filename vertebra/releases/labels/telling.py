"""Words of “whom do I tell?”: why somebody is proposed, and what is missing."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vertebra.analysis.champions import Lack, Reason

# Each reason in words; `name` is the area, market, unit, function or language that it is about.
REASONS = {
    Reason.AREA: _("answers for %(name)s"),
    Reason.AREA_ABOVE: _("answers for %(name)s, which it is part of"),
    Reason.AREA_BELOW: _("answers for %(name)s, a part of it"),
    Reason.MARKET: _("answers for the market %(name)s"),
    Reason.OTHER_MARKET: _("answers for other markets"),
    Reason.UNIT: _("answers for %(name)s"),
    Reason.FUNCTION: pgettext_lazy("why a champion is told", "%(name)s"),
    Reason.LANGUAGE: _("reads this language"),
    Reason.OTHER_LANGUAGE: _("reads another language"),
    Reason.WIDE: _("answers for much besides"),
    Reason.HAS_TIME: _("has time left of what is agreed"),
    Reason.OVER_HOURS: _("was asked for more than the time agreed"),
    Reason.NO_HOURS: _("has no hours agreed"),
}
# Time asked and agreed is for the champion and Product Ops only.
OF_TIME = frozenset({Reason.HAS_TIME, Reason.OVER_HOURS, Reason.NO_HOURS})
# What needs no word: it was asked for.
UNSAID = frozenset({Reason.FUNCTION})
LACKS = {
    Lack.NOBODY: _("No champion answers for %(name)s."),
    Lack.ONLY_ABOVE: _("Nobody is champion for %(name)s itself, only for what it is part of."),
    Lack.ONLY_OVER_HOURS: _("Whoever is champion for %(name)s was asked for all the time agreed."),
}
