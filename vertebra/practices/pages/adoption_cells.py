"""One cell of the map of teams and practices: a word and a shade, never a rank."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from vertebra.kit.templatetags.ui import level
from vertebra.org.queries.structure import Node
from vertebra.practices.labels.adoption import LEVELS, AdaptationKind, AdoptionSource, AdoptionState
from vertebra.practices.queries.adoption import Sight
from vertebra.practices.queries.adoption_figures import Summary


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, how dark it is, and whether only the reader's team sees it yet."""

    text: str
    level: str
    is_own: bool = False
    is_seen: bool = False


NOTHING = Cell("", "0")


def team_cell(sight: Sight, practice: int, node: Node) -> Cell:
    """Where a team stands, in a word; how it does otherwise, if it does."""
    way = sight.way(practice, node)
    if way is not None:
        return Cell(str(AdaptationKind(way.kind).label), "way")
    stand = sight.stand(practice, node)
    if stand is None:
        expected = sight.facts.is_expected(practice, node.id)
        return Cell(pgettext("adoption", "no word"), "0") if expected else NOTHING
    return Cell(
        str(AdoptionState(stand.state).label),
        LEVELS[AdoptionState(stand.state)],
        stand.is_own,
        stand.source == AdoptionSource.OBSERVED,
    )


def unit_cell(sight: Sight, practice: int, node: Node) -> Cell:
    """How many of the teams of a unit do it; a pattern where they are too few to be told apart."""
    rolled = sight.facts.rolled(practice).get(node.id)
    if rolled is None or not (rolled.teams or rolled.left_out):
        return NOTHING
    if not rolled.teams:
        return Cell("–", "few")
    told = Summary.of(rolled)
    text = _("%(adopted)s of %(teams)s") % {"adopted": told.adopted, "teams": told.teams}
    return Cell(text, level(told.adopted / told.teams, 1))
