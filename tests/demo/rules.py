"""What models say of their own rows."""

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from vertebra.demo.load import OURS


def faults(rows: list[models.Model], *, whole: bool) -> list[str]:
    """What the models object to."""
    found = []
    for row in rows:
        blank = {
            f.name
            for f in row._meta.concrete_fields
            if not f.blank and getattr(row, f.attname) in ("", {}, [], None)
        }
        try:
            row.clean_fields(exclude=blank)
            if whole:
                row.validate_unique()
                row.validate_constraints()
        except ValidationError as error:
            found.append(f"{row._meta.label} {row.pk}: {error}")
    return found


def ours() -> list[type[models.Model]]:
    """The models that the demo company fills."""
    return [model for label in OURS for model in apps.get_app_config(label).get_models()]
