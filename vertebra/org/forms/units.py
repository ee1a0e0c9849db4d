"""What people may type about units."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from vertebra.org.forms.fields import FromDay, PlaceField
from vertebra.org.labels import TEAM_KINDS, UNIT_KINDS
from vertebra.org.models import UnitKind
from vertebra.org.queries.structure import Node, Structure


class UnitForm(FromDay):
    """A unit: its name, kind, place, what it is for and how to work with it."""

    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"))
    purpose = forms.CharField(
        label=_("What we are for"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One or two sentences that somebody from another team understands."),
    )
    how_to_work = forms.CharField(
        label=_("How to work with us"),
        max_length=8000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Where to ask, what to bring, when an answer comes."),
    )

    def __init__(self, *args: Any, structure: Structure, unit_id: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inside = structure.under(unit_id) if unit_id else set()
        nodes = [node for node in structure.all() if node.id not in inside]
        self.fields["parent"] = PlaceField(
            nodes, str(_("No other unit: it stands at the top")), label=_("Belongs to"), required=False
        )
        self.kinds = {kind.slug: kind for kind in kinds_to_choose()}
        kinds = self.fields["kind"]
        if isinstance(kinds, forms.ChoiceField):
            kinds.choices = [(slug, str(kind)) for slug, kind in self.kinds.items()]
        self.order_fields(["name", "kind", "parent", "purpose", "how_to_work", "on"])

    def clean_kind(self) -> UnitKind:
        """The kind chosen; one that the company does not have yet is not saved."""
        return self.kinds[self.cleaned_data["kind"]]


def kinds_to_choose() -> list[UnitKind]:
    """The kinds of units that the company has, then the usual ones that it could have."""
    own = list(UnitKind.objects.all())
    after = max((kind.position for kind in own), default=-1) + 1
    missing = [slug for slug in UNIT_KINDS if slug not in {kind.slug for kind in own}]
    return own + [
        UnitKind(slug=slug, position=after + at, is_team=slug in TEAM_KINDS)
        for at, slug in enumerate(missing)
    ]


class UnitCloseForm(FromDay):
    """When a unit closes, and what becomes of what it holds."""

    contents = forms.ChoiceField(label=_("What it holds"), widget=forms.RadioSelect, required=False)

    def __init__(self, *args: Any, node: Node, parent: Node | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = []
        if parent is not None:
            label = _("Its units, people and what it owns go to %(name)s") % {"name": parent.name}
            choices.append(("to_parent", str(label)))
        other = _("Everything inside closes with it; its people stay in the directory")
        choices.append(("together", str(other)))
        contents = self.fields["contents"]
        if node.children or node.own_members:
            if isinstance(contents, forms.ChoiceField):
                contents.choices = choices
            contents.required = True
        else:
            del self.fields["contents"]
