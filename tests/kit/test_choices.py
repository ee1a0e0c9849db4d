"""The word of a code is the one that the field says, in the language of whoever reads."""

import pytest
from django.apps import apps
from django.db.models import Model
from django.utils import translation
from django.utils.translation import trans_real

from vertebra.accounts.models import AuditEntry


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_code_has_the_word_that_django_would_say(language: str) -> None:
    seen = 0
    with translation.override(language):
        for model in apps.get_models():
            for field in model._meta.concrete_fields:
                if not field.choices or not model.__module__.startswith("vertebra."):
                    continue
                for code in [*dict(field.flatchoices), "no-such-code", None]:
                    row = model(**{field.attname: code})
                    said = getattr(row, f"get_{field.name}_display")()
                    assert said == Model._get_FIELD_display(row, field), (model, field, code)  # type: ignore[attr-defined]
                    seen += 1
    assert seen > 500


def test_the_word_is_translated_when_it_is_said() -> None:
    row = AuditEntry(kind="unit")
    said = []
    for language in ("en", "fr"):
        with translation.override(language):
            said.append(row.get_kind_display())
    assert said[0] != said[1]


def test_no_other_word_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up = []

    def counted(message: str) -> str:
        looked_up.append(message)
        return str(trans_real.gettext(message))

    monkeypatch.setattr("django.utils.translation._trans.gettext", counted)
    AuditEntry(kind="unit").get_kind_display()
    assert len(looked_up) == 1
