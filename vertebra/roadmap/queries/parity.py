"""What each market has of each feature, as a table; the same table as a file, and read from one."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from vertebra.accounts.audit import Refusal
from vertebra.kit.files.labels import message
from vertebra.kit.files.problems import Refused
from vertebra.kit.files.tables import read_table
from vertebra.kit.text import fold
from vertebra.org.models import Market
from vertebra.roadmap.labels.projects import PARITY_TONES, Parity
from vertebra.roadmap.models import Feature, FeatureInMarket

MOST_FEATURES = 400
MOST_MARKETS = 24
# A sign for each state, read before its word; colour is never alone.
SIGNS = {"absent": "–", "planned": "○", "partial": "◐", "full": "●", "not_needed": "·"}
_WORDS = {
    Parity.FULL: {"full", "whole", "yes", "oui", "complete", "complet", "entiere", "x", "1", "●"},
    Parity.PARTIAL: {"partial", "in part", "part", "partiel", "partielle", "en partie", "◐"},
    Parity.PLANNED: {"planned", "prevu", "prevue", "○"},
    Parity.ABSENT: {"absent", "absente", "no", "non", "none", "0", "–", "-"},
    Parity.NOT_NEEDED: {"not_needed", "not needed", "not needed here", "inutile", "inutile ici", "n/a", "·"},
}


class NoTable(Refusal):
    """A file of features has a line for each, and a column for each market."""


@dataclass(frozen=True, slots=True)
class Given:
    """How much of a feature a market has, as a file says it."""

    feature: str
    market: Market
    state: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell of the table."""

    market: Market
    state: str
    label: str | Promise
    tone: str
    sign: str


@dataclass(frozen=True, slots=True)
class Line:
    """One feature, with a cell for each market."""

    feature: Feature
    cells: list[Shown]


def markets() -> list[Market]:
    """The markets of the table: those in use, by name."""
    return list(Market.objects.filter(archived_at__isnull=True).order_by("name", "pk")[:MOST_MARKETS])


def table(shown: list[Market]) -> list[Line]:
    """Every feature with what each of these markets has of it."""
    rows = list(Feature.objects.filter(archived_at__isnull=True).select_related("area")[:MOST_FEATURES])
    held = FeatureInMarket.objects.filter(feature__in=[row.pk for row in rows], market__in=shown)
    states = {(one.feature_id, one.market_id): one.state for one in held}
    labels = dict(Parity.choices)

    def cell(feature: Feature, market: Market) -> Shown:
        state = states.get((feature.pk, market.pk), Parity.ABSENT)
        return Shown(market, state, labels[state], PARITY_TONES[state], SIGNS[state])

    return [Line(row, [cell(row, market) for market in shown]) for row in rows]


def missing(lines: list[Line]) -> dict[int, int]:
    """How many features each market lacks, whole or in part."""
    found: dict[int, int] = {}
    for line in lines:
        for cell in line.cells:
            lacks = cell.state in (Parity.ABSENT, Parity.PLANNED, Parity.PARTIAL)
            found[cell.market.pk] = found.get(cell.market.pk, 0) + lacks
    return found


def read_parity(content: bytes, name: str) -> list[Given]:
    """What a CSV or a workbook says: features in lines, markets (by name or code) in columns."""
    try:
        found = read_table(content, name)
        rows = list(found.rows())
    except Refused as refusal:
        raise NoTable(message(refusal.problem)) from refusal
    known = {fold(text): row for row in Market.objects.all() for text in (row.name, row.code) if text}
    columns = {at: known[fold(head)] for at, head in enumerate(found.header) if at and fold(head) in known}
    if not columns:
        raise NoTable(_("No market was found: name a market at the head of each column but the first."))
    given = []
    for row in rows:
        feature = " ".join(str(row.cells[0] or "").split())[:200]
        for at, market in columns.items():
            word = fold(str(row.cells[at])) if row.cells[at] not in (None, "") else ""
            if feature and word:
                given.append(Given(feature, market, _state(word, row.line)))
    if not given:
        raise NoTable(_("No feature was found: write its name first in each line."))
    return given


def _state(word: str, line: int) -> str:
    labels = {fold(str(label)): code for code, label in Parity.choices}
    state = labels.get(word) or next((code for code, words in _WORDS.items() if word in words), None)
    if state is None:
        raise NoTable(
            _("Line %(line)s: “%(word)s” is not one of: whole, in part, planned, absent, not needed here.")
            % {"line": line, "word": word}
        )
    return str(state)
