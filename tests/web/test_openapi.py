"""The description of the API is committed: a change of it is seen in the diff."""

import json

from tests.architecture.code import ROOT
from vertebra.web.api import api

SNAPSHOT = ROOT / "docs" / "openapi.json"


def described() -> str:
    """The description as it is committed; rewrite it with `python -m tools.openapi`."""
    schema = json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/")))
    schema["info"]["version"] = "1"
    return json.dumps(schema, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def test_the_committed_description_is_that_of_the_code() -> None:
    assert SNAPSHOT.read_text(encoding="utf-8") == described(), (
        "run `python -m tools.openapi` and look at the difference"
    )
