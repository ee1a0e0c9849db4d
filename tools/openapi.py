"""Writes the committed description of the API: `python -m tools.openapi`."""

import os

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    from tests.web.test_openapi import SNAPSHOT, described

    SNAPSHOT.write_text(described(), encoding="utf-8")
