"""The web process never loads heavy libraries, nor the word lists before the first search."""

import subprocess
import sys

HEAVY = (
    "duckdb",
    "sqlglot",
    "ibis",
    "numpy",
    "pandas",
    "polars",
    "pyarrow",
    "sklearn",
    "statsmodels",
    "xlsxwriter",
    "python_calamine",
    # What writes audits as PDF and slides.
    "typst",
    "pptx",
    "lxml",
    "PIL",
    # What only reading files, second factors of other kinds and spelling-tolerant search need: loaded at first use.
    "yaml",
    "chardet",
    "jmespath",
    "fido2",
    "rapidfuzz",
    # What programs ask for: loaded with the first of their requests.
    "vertebra.web.api",
)
PROGRAM = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "vertebra.settings"
import vertebra.wsgi
from django.urls import get_resolver
get_resolver()._populate()
{extra}
print([name for name in {heavy!r} if name in sys.modules])
"""


def loaded(extra: str = "") -> str:
    program = PROGRAM.format(heavy=(*HEAVY, "simplemma"), extra=extra)
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_the_web_process_starts_light() -> None:
    assert loaded() == "[]"


def test_a_heavy_library_is_seen() -> None:
    assert loaded("import simplemma") == "['simplemma']"
