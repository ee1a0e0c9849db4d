"""The open export: everything that is the organisation's, nothing that opens a door."""

import csv
import json
import zipfile
from pathlib import Path

from tests.operate import sample_data
from tests.operate.instances import Instance


def test_the_export_says_everything_but_secrets(instance: Instance, tmp_path: Path) -> None:
    instance.python("from tests.operate import sample_data\nsample_data.fill()")
    folder = tmp_path / "export"
    done = instance.answer("export", str(folder))
    manifest = json.loads((folder / "manifest.json").read_text())
    assert done["rows"] == sum(table["rows"] for table in manifest["tables"].values()) > 0
    everything = "".join(path.read_text() for path in folder.iterdir())
    for secret in sample_data.SECRETS.values():
        assert secret not in everything
    people = [json.loads(line) for line in (folder / "accounts.user.jsonl").read_text().splitlines()]
    assert people[0]["name"] == sample_data.STRANGE
    assert "password" not in people[0]
    with (folder / "accounts.user.csv").open(newline="") as table:
        rows = list(csv.DictReader(table))
    assert rows[0]["name"].startswith("'=cmd")
    assert set(manifest["tables"]["accounts.user"]["columns"]) == set(people[0]) == set(rows[0])


def test_the_export_can_be_one_file(instance: Instance, tmp_path: Path) -> None:
    instance.answer("export", str(tmp_path / "export.zip"))
    with zipfile.ZipFile(tmp_path / "export.zip") as packed:
        assert "manifest.json" in packed.namelist()
        assert "org.unit.csv" in packed.namelist()


def test_the_export_overwrites_nothing(instance: Instance, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine")
    refused = instance.run("export", str(tmp_path))
    assert refused.returncode == 2
    assert (tmp_path / "mine").read_text() == "mine"
