"""Answers one question from inside an instance, as JSON on the last line: `python -m benchmarks.inside pages`."""

import json
import os
import sys
from importlib import import_module


def main(what: str) -> None:
    """Start Django, then ask."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vertebra.settings")
    import django

    django.setup()
    print(json.dumps(import_module("benchmarks.within").ANSWERS[what]()))


if __name__ == "__main__":
    main(sys.argv[1])
