"""What is due of practices, in words."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from vertebra.practices.queries.adoption_desk import Due


def due_words(one: Due) -> str:
    """One thing that is due, in one sentence."""
    said = {
        "reopen": _("“%(title)s” is adapted by so many teams that it is asked about again"),
        "validation": _("“%(title)s” owes its validation"),
        "review": _("The review of “%(title)s” is due"),
        "doubt": _("A team says that the tools show “%(title)s” wrongly"),
        "adaptation": _("What %(team)s does otherwise than “%(title)s” comes to its end"),
    }[one.code]
    team = one.team.name if one.team else _("a small team")
    words = said % {"title": one.practice.called, "team": team}
    if one.on is None:
        return f"{words}."
    return _("%(what)s: %(day)s.") % {"what": words, "day": date_format(one.on, "DATE_FORMAT")}
