"""The command line: every answer also in JSON, every error one sentence with a remedy."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.operate.instances import ROOT, Instance


def test_help_loads_no_framework() -> None:
    program = (
        "import sys; sys.argv = ['vertebra', '--help']\n"
        "from vertebra.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print('django' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert "backup" in done.stdout
    assert done.stderr.strip() == "False"


def test_the_first_administrator_comes_in_by_a_link_made_again_at_will(instance: Instance) -> None:
    first, second = (instance.answer("user", "owner-link")["address"] for _time in range(2))
    assert first != second
    assert "/accounts/owner/" in second
    usable = instance.python(
        "import json\nfrom vertebra.accounts.models import OneTimeLink\n"
        "print(json.dumps(OneTimeLink.objects.filter(revoked_at=None).count()))"
    )
    assert usable == 1


def test_accounts_are_listed_changed_and_closed(instance: Instance) -> None:
    instance.python("from tests.operate import sample_data\nsample_data.fill()")
    assert instance.answer("user", "list")["users"][0]["email"] == "person0@example.org"
    assert instance.answer("user", "role", "person1@example.org", "reader")["role"] == "reader"
    assert instance.answer("user", "deactivate", "PERSON1@example.org")["is_active"] is False
    assert instance.answer("user", "reset-link", "person0@example.org")["address"].startswith("http")
    refused = instance.run("user", "owner-link")
    assert refused.returncode == 1
    assert "already has an administrator" in refused.stderr


def test_the_last_administrator_stays(instance: Instance) -> None:
    instance.python("from tests.operate import sample_data\nsample_data.fill(1)")
    refused = instance.run("user", "deactivate", "person0@example.org")
    assert refused.returncode == 1
    assert "last active administrator" in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["user", "role", "nobody@example.org", "reader"], 1),
        (["user", "role", "nobody@example.org", "king"], 2),
        (["user", "deactivate", "nonsense"], 2),
        (["restore", "missing.tar"], 2),
        (["backup", "/nowhere/at/all/a.tar"], 1),
        (["import", "org", "missing.csv", "--recipe", "no-such-recipe"], 2),
        (["demo", "--profile", "gigantic"], 2),
        (["demo", "--until", "yesterday"], 2),
        (["nonsense"], 2),
        (["serve", "--port", "high"], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_an_error_is_a_sentence_and_a_code(instance: Instance, arguments: list[str], code: int) -> None:
    done = instance.run(*arguments)
    assert done.returncode == code, done.stdout + done.stderr
    assert done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr


def test_an_error_is_json_for_a_program(instance: Instance) -> None:
    done = instance.run("restore", "missing.tar", "--json")
    assert json.loads(done.stdout)["remedy"]


@pytest.mark.parametrize(
    "variables",
    [
        {"DATABASE_URL": "mysql://a/b"},
        {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"},
        {"PORT": "high"},
        {"VERTEBRA_MAX_UPLOAD_MB": "many"},
        {"VERTEBRA_NOW": "yesterday"},
    ],
    ids=str,
)
def test_a_setting_that_is_wrong_is_named(instance: Instance, variables: dict[str, str]) -> None:
    done = instance.run("user", "list", **variables)
    assert done.returncode in {1, 2}
    assert "Traceback" not in done.stderr
    assert "Something went wrong in Vertebra itself" not in done.stderr, done.stderr


def test_checks_answer_with_remedies(instance: Instance) -> None:
    found = instance.answer("check")["problems"]
    assert {problem["id"] for problem in found} >= {"vertebra.W001", "vertebra.W008"}
    assert all(problem["remedy"] for problem in found)


def test_messages_are_counted(instance: Instance) -> None:
    instance.python("from tests.operate import sample_data\nsample_data.fill()")
    assert instance.answer("messages")["sent"] == 1


def test_an_organisation_is_imported(instance: Instance, tmp_path: Path) -> None:
    done = instance.run("import", "org", str(tmp_path), "--json", "--dry-run")
    assert "Traceback" not in done.stderr
    assert done.returncode in {0, 1, 2}


@pytest.mark.parametrize("language", ["fr_FR.UTF-8", "C.UTF-8"])
def test_a_terminal_is_answered_in_its_language(instance: Instance, language: str) -> None:
    said = instance.run("user", "list", LANG=language).stdout
    assert said.strip()
