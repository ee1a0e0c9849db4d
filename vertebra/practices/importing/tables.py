"""What tables of practices hold, and the words by which a reach goes in files."""

from functools import cache

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from vertebra.kit.text import fold
from vertebra.practices.labels.practices import Reach
from vertebra.sources.target import TableField, TableKind

PRACTICE = "practice"
KIND_WORDS = {PRACTICE: _("practices")}
_FIELDS = (
    TableField(
        "name", _("name"), ("name", "nom", "practice", "pratique", "facon_de_travailler", "title", "titre"), is_required=True
    ),
    TableField(
        "unit", _("where"),
        ("unit", "unite", "team", "equipe", "tribe", "tribu", "where", "ou", "for_whom", "pour_qui"),
        help=_("A row for each unit; left empty: the whole company."),
    ),
    TableField(
        "carrier", _("carried by"),
        ("carrier", "carried_by", "porteur", "portee_par", "owner", "responsable"), is_required=True,
        help=_("Name, e-mail address or login."),
    ),
    TableField("reach", _("what it is there"), ("reach", "portee", "status", "statut"), help=_("standard, recommended or free; left empty: standard.")),
    TableField("why", _("why"), ("why", "pourquoi", "reason", "raison")),
    TableField("lives_at", _("where it lives"), ("lives_at", "address", "adresse", "link", "lien", "url", "page")),
    TableField("field", _("field of action"), ("field", "field_of_action", "champ", "champ_d_action", "domaine", "domain")),
)  # fmt: skip


def table_kinds() -> tuple[TableKind, ...]:
    """A row for each practice, or for each place where it is lived."""
    return (TableKind(PRACTICE, KIND_WORDS[PRACTICE], _FIELDS),)


@cache
def reaches() -> dict[str, str]:
    """What a practice is for a unit, by how it may be written: the code, its word in any language."""
    found: dict[str, str] = {}
    for language in ("en", "fr"):
        with translation.override(language):
            for code, label in Reach.choices:
                found[fold(str(code))] = str(code)
                found.setdefault(fold(str(label)), str(code))
    return found
