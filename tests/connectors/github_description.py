"""The description that GitHub publishes of its REST API, as the registry of npm serves it."""

import json
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest

PACKAGE = "@octokit/openapi@23.0.2"
ISSUES = "/repos/{owner}/{repo}/issues"
ASKED = (
    "/user",
    "/user/repos",
    ISSUES,
    f"{ISSUES}/{{issue_number}}",
    f"{ISSUES}/{{issue_number}}/timeline",
)


def github_description(folder: Path) -> dict[str, Any]:
    """The whole description; the test is skipped where npm does not serve it."""
    if (npm := shutil.which("npm")) is None:
        pytest.skip("npm is not there: GitHub's description cannot be fetched")
    asked = [npm, "pack", "--silent", PACKAGE]
    done = subprocess.run(asked, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    packed = next(folder.glob("*.tgz"), None)
    if done.returncode or packed is None:
        pytest.skip(f"npm does not serve {PACKAGE}: {done.stderr[-200:]}")
    with tarfile.open(packed) as archive:
        member = archive.extractfile("package/generated/api.github.com.json")
        assert member is not None
        document: dict[str, Any] = json.load(member)
    return document


def what_is_asked(document: dict[str, Any]) -> dict[str, Any]:
    """The description of what is asked for work items, with what it refers to: the whole is too long for a mock server."""
    made = {
        **document,
        "paths": {path: {"get": document["paths"][path]["get"]} for path in ASKED},
        "components": {},
    }
    made.pop("webhooks", None)
    made.pop("x-webhooks", None)
    open_, seen = _named(made["paths"]), set[str]()
    while open_:
        name = open_.pop()
        if name in seen:
            continue
        seen.add(name)
        kind, code = name.split("/")
        found = document["components"][kind][code]
        made["components"].setdefault(kind, {})[code] = found
        open_ |= _named(found)
    return made


def _named(value: Any) -> set[str]:
    """The components that something refers to."""
    if isinstance(value, list):
        return {name for one in value for name in _named(one)}
    if not isinstance(value, dict):
        return set()
    own = str(value.get("$ref", "")).removeprefix("#/components/")
    return {name for one in value.values() for name in _named(one)} | ({own} if own else set())
