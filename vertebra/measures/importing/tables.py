"""What tables of metrics and of values hold, and the words by which codes go in files."""

from collections.abc import Iterable
from functools import cache

from django.db.models import TextChoices
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from vertebra.kit.text import fold
from vertebra.measures.labels.metrics import Combining, Direction, Grain, MetricUnit
from vertebra.sources.target import TableField, TableKind

METRIC, VALUE, WIDE = "metric", "value", "wide"
KIND_WORDS = {METRIC: _("metrics"), VALUE: _("values of metrics")}
CHOICES: dict[str, type[TextChoices]] = {
    "unit": MetricUnit,
    "direction": Direction,
    "grain": Grain,
    "combining": Combining,
}


def table_kinds() -> tuple[TableKind, ...]:
    """A catalogue, or values with a row for each."""
    return (TableKind(METRIC, KIND_WORDS[METRIC], _METRIC), TableKind(VALUE, KIND_WORDS[VALUE], _VALUE))


_METRIC = (
    TableField("name", _("name"), ("name", "nom", "metric", "indicateur", "kpi", "title"), is_required=True),
    TableField("slug", _("short name"), ("slug", "short_name", "nom_court", "id", "code", "key")),
    TableField("definition", _("what it counts"), ("definition", "description", "what_it_counts")),
    TableField("unit", pgettext_lazy("a metric", "in"), ("unit", "unite", "in", "en")),
    TableField("currency", _("currency"), ("currency", "devise")),
    TableField("direction", _("which way is better"), ("direction", "sens", "better")),
    TableField("grain", _("one value per"), ("grain", "period", "periode", "frequency", "frequence")),
    TableField("combining", _("over a longer time"), ("combining", "aggregation", "cumul")),
    TableField("owner", _("owner"), ("owner", "responsable", "proprietaire"), help=_("Name, e-mail address or login.")),
    TableField("of_unit", _("unit it belongs to"), ("team", "equipe", "of_unit", "organisation", "tribe", "tribu")),
    TableField("where_from", _("where it comes from"), ("source", "where_from", "origine")),
    TableField("target", _("target"), ("target", "cible", "objectif")),
    TableField("target_by", _("target, by"), ("target_by", "target_date", "echeance", "by")),
)  # fmt: skip
_VALUE = (
    TableField("metric", _("metric"), ("metric", "indicateur", "kpi", "name", "nom", "slug"), is_required=True),
    TableField("on", _("period"), ("on", "date", "day", "jour", "month", "mois", "week", "period", "time"), is_required=True),
    TableField("value", _("value"), ("value", "valeur"), is_required=True),
    TableField("part", _("part"), ("part", "segment", "split")),
    TableField("behind", _("how many stand behind it"), ("behind", "n", "count", "effectif")),
)  # fmt: skip


@cache
def codes_of(name: str) -> dict[str, str]:
    """The codes of a choice by how they may be written: the code itself, its label in any language."""
    found: dict[str, str] = {}
    for language in ("en", "fr"):
        with translation.override(language):
            for code, label in CHOICES[name].choices:
                found[fold(str(code))] = str(code)
                found.setdefault(fold(str(label)), str(code))
    for written, code in _ALSO.get(name, ()):
        found.setdefault(written, code)
    return found


_ALSO: dict[str, Iterable[tuple[str, str]]] = {
    "unit": (("%", "percent"), ("eur", "money"), ("€", "money"), ("h", "hours"), ("min", "minutes"), ("j", "days"), ("d", "days")),
    "direction": (("+", "up"), ("-", "down"), ("hausse", "up"), ("baisse", "down"), ("higher", "up"), ("lower", "down"), ("=", "keep")),
    "grain": (("daily", "day"), ("weekly", "week"), ("monthly", "month"), ("quarterly", "quarter"), ("quotidien", "day"), ("hebdomadaire", "week"), ("mensuel", "month"), ("trimestriel", "quarter")),
    "combining": (("avg", "mean"), ("average", "mean"), ("moyenne", "mean"), ("somme", "sum"), ("last", "latest"), ("dernier", "latest")),
}  # fmt: skip
