"""A job that loads libraries for files or figures runs apart: what they take of memory goes with it."""

import ast

import pytest

from tests.architecture.reached import Code

# What takes tens of megabytes of a process that loads it, for as long as it lives.
LARGE = frozenset(
    {"duckdb", "ibis", "lxml", "numpy", "pandas", "PIL", "polars", "pptx", "pyarrow", "pyspark", "python_calamine"}
    | {"sklearn", "sqlglot", "statsmodels", "typst", "xlsxwriter"}
)  # fmt: skip


@pytest.fixture(scope="module")
def product() -> Code:
    return Code.of_product()


def in_the_worker(code: Code) -> list[str]:
    """The jobs that load such a library into the worker itself."""
    return [
        f"{module}.{name} loads {library} (in {where})"
        for module, name, is_apart in code.jobs()
        if not is_apart
        for library, where in code.loads(module, name).items()
        if library in LARGE
    ]


def test_no_job_loads_large_libraries_into_the_worker(product: Code) -> None:
    assert in_the_worker(product) == []


def test_jobs_that_run_apart_are_seen_to_load_them(product: Code) -> None:
    loading = {
        f"{module}.{name}" for module, name, is_apart in product.jobs() if is_apart and LARGE & product.loads(module, name).keys()
    }  # fmt: skip
    assert loading >= {
        "vertebra.evidence.jobs.figure_flow",
        "vertebra.practices.jobs.checks.try_check",
        "vertebra.roadmap.jobs.results.measure_results",
    }


@pytest.mark.parametrize(
    ("body", "is_seen"),
    [
        ("    import duckdb", True),
        ("    from vertebra.figures import count\n    count()", True),
        ("    from vertebra import figures\n    figures.count()", True),
        ("    told()", True),
        ("    Told().all()", True),
        ("    apart.enqueue()", False),
        ("    return None", False),
    ],
)
def test_a_job_that_loads_one_is_seen(body: str, is_seen: bool) -> None:
    jobs = (
        "from vertebra.words import told, Told\n@job(words='', apart=True)\ndef apart():\n    import numpy\n"
        f"@job(words='')\ndef one():\n{body}\n"
    )
    words = "def told():\n    from vertebra import figures\nclass Told:\n    def all(self):\n        import ibis\n"
    sources = {
        "vertebra": "", "vertebra.jobs": jobs, "vertebra.words": words,
        "vertebra.figures": "from vertebra.frames import rows\ndef count():\n    pass\n",
        "vertebra.frames": "import pyarrow as pa\nrows = 1\n",
    }  # fmt: skip
    code = Code({name: ast.parse(text) for name, text in sources.items()})
    assert bool(in_the_worker(code)) is is_seen
