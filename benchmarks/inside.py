"""Answers one question from inside an instance, as JSON on the last line: `python -m benchmarks.inside pages`."""

import json
import os
import sys
from importlib import import_module


def main(what: str, *words: str) -> None:
    """Start Django, then ask what `within` answers, or a function of another module (`listening.fill`)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vertebra.settings")
    import django

    django.setup()
    module, _, name = what.rpartition(".")
    if module:
        print(json.dumps(getattr(import_module(f"benchmarks.{module}"), name)(*map(int, words))))
    else:
        print(json.dumps(import_module("benchmarks.within").ANSWERS[what]()))


if __name__ == "__main__":
    main(*sys.argv[1:])
