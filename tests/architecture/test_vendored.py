"""Files of other people are exactly those of `vendor.lock`, with their licences."""

import json
import re
from pathlib import Path

import pytest

from tools import vendor


def test_every_vendored_file_is_listed_and_unchanged() -> None:
    assert vendor.differences() == []


def test_a_changed_a_missing_and_a_stray_file_are_each_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, lock = tmp_path / "vendor", tmp_path / "vendor.lock"
    folder.mkdir()
    entry = {"name": "x", "version": "1", "origin": "npm:x@1", "licence": "MIT", "sha256": "0" * 64}
    (folder / "changed.js").write_text("1")
    (folder / "stray.js").write_text("1")
    lock.write_text(json.dumps([{**entry, "file": "vendor/changed.js"}, {**entry, "file": "vendor/gone.js"}]))
    monkeypatch.setattr(vendor, "ROOT", tmp_path)
    monkeypatch.setattr(vendor, "VENDOR", folder)
    monkeypatch.setattr(vendor, "LOCK", lock)

    assert vendor.differences() == [
        "vendor/gone.js: listed, but missing",
        "vendor/stray.js: present, but not listed",
        "vendor/changed.js: changed",
    ]


def test_every_vendored_package_comes_with_its_licence() -> None:
    for package in vendor.PACKAGES:
        assert (package.folder / "LICENSE").is_file()
    assert {package.folder for package in vendor.PACKAGES} == set(vendor.VENDOR.iterdir())


def test_no_vendored_script_points_to_a_source_map_we_do_not_serve() -> None:
    for path in vendor.VENDOR.rglob("*.js"):
        assert "sourceMappingURL" not in path.read_text(encoding="utf-8")
    assert vendor.without_source_map(b"x()\n//# sourceMappingURL=x.js.map\n") == b"x()\n"


def test_addresses_of_vendored_files_name_the_version_that_is_there() -> None:
    named = {
        found
        for path in (vendor.ROOT / "vertebra").rglob("*.*")
        if path.suffix in {".html", ".css", ".js", ".py"} and vendor.VENDOR not in path.parents
        for found in re.findall(r"vendor/([\w-]+-\d[\d.]*\d)", path.read_text(encoding="utf-8"))
    }
    assert named == {package.folder.name for package in vendor.PACKAGES}
