"""The word of a code: rows of lists say several each."""

from functools import partialmethod
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils.encoding import force_str


def say_one_word() -> None:
    """Let `get_…_display` look up one word: Django's own compares, and so translates, all words of the field each time."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            name = f"get_{field.name}_display"
            own = model.__dict__.get(name)
            if isinstance(own, partialmethod) and own.func is Model._get_FIELD_display:  # type: ignore[attr-defined]
                words = dict(field.flatchoices)
                setattr(model, name, partialmethod(_word, attribute=field.attname, words=words))


def _word(row: Model, attribute: str, words: dict[Any, Any]) -> Any:
    value = getattr(row, attribute)
    return force_str(words.get(value, value), strings_only=True)
