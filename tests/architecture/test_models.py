"""Keys between modules point upstream and leave no name behind; facts over time are read as of a day."""

import re

import pytest
from django.apps import apps
from django.db import models

from tests.architecture.code import PACKAGE, files
from tests.architecture.names import ORDER

OVER_TIME = ("UnitVersion", "AreaVersion", "Membership", "Mandate", "Ownership")
READ = re.compile(
    rf"\b(?:{'|'.join(OVER_TIME)})\.objects\.(?!as_of\b|all_time\b|holds_on\b|create\b|bulk_create\b|none\b)\w+"
)


def own_models() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if m.__module__.startswith("vertebra.")]


def wrong_key(model: type[models.Model], field: models.ForeignKey[models.Model, models.Model]) -> str:
    """What is wrong with a key, or nothing."""
    here, there = model._meta.app_label, field.related_model._meta.app_label
    if here == there:
        return ""
    name = f"{model.__name__}.{field.name}"
    if there not in ORDER or ORDER.index(there) > ORDER.index(here):
        return f"{name} points downstream, to {there}"
    if field.remote_field.related_name != "+":
        return f"{name} leaves a name in {there}: related_name must be '+'"
    return ""


def test_keys_point_upstream() -> None:
    keys = [(m, f) for m in own_models() for f in m._meta.get_fields() if isinstance(f, models.ForeignKey)]
    assert [problem for model, key in keys if (problem := wrong_key(model, key))] == []


def test_constraints_are_named_for_their_rule() -> None:
    found = [
        f"{model.__name__}: {constraint.name}"
        for model in own_models()
        for constraint in model._meta.constraints
        if re.search(r"_(uniq|check|[0-9a-f]{8})$", constraint.name)
    ]
    assert found == []


@pytest.mark.parametrize("name", OVER_TIME)
def test_facts_over_time_have_two_dates(name: str) -> None:
    model = apps.get_model("org", name)
    assert {"starts_on", "ends_on"} <= {field.name for field in model._meta.get_fields()}


def test_facts_over_time_are_read_as_of_a_day() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}: {hit}"
        for path in files(".py")
        if path.is_relative_to(PACKAGE)
        for hit in READ.findall(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_a_read_without_a_day_is_seen() -> None:
    assert READ.findall("rows = Membership.objects.filter(unit=unit)")
    assert not READ.findall("rows = Membership.objects.as_of(day).filter(unit=unit)")


def test_a_key_downstream_is_seen() -> None:
    class Faulty(models.Model):
        unit = models.ForeignKey("org.Unit", on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = "accounts"

    try:
        assert "downstream" in wrong_key(Faulty, Faulty._meta.get_field("unit"))  # type: ignore[arg-type]
    finally:
        del apps.all_models["accounts"]["faulty"]
        apps.clear_cache()
