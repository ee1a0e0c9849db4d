"""The lists by which modules speak upwards hold only what exists and has their form."""

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from vertebra.accounts.feeds import FeedKind
from vertebra.kit.personal import Holding

LISTS = (
    "PANELS",
    "EMPTY_SPACE_RULES",
    "STRUCTURE_EFFECTS",
    "METRIC_PROVIDERS",
    "PERSONAL_DATA",
    "SEARCH",
    "THREAD",
    "THREAD_TIES",
    "HOME",
    "FEEDS",
    "CHECK_QUESTIONS",
)


def dangling(paths: list[str]) -> list[str]:
    """The paths that lead to no function, nor to what a module holds of a person, nor to what computes metrics."""
    found = []
    for path in paths:
        try:
            entry = import_string(path)
            is_provider = callable(getattr(entry, "values", None)) and isinstance(entry.names, dict)
            if not callable(entry) and not isinstance(entry, Holding | FeedKind) and not is_provider:
                found.append(path)
        except ImportError:
            found.append(path)
    return found


@pytest.mark.parametrize("name", LISTS)
def test_every_entry_of_a_registry_resolves(name: str) -> None:
    assert dangling(getattr(settings, name)) == []


def test_a_dangling_path_is_seen() -> None:
    assert dangling(["vertebra.org.nowhere.rule", "vertebra.kit.text.fold"]) == ["vertebra.org.nowhere.rule"]
