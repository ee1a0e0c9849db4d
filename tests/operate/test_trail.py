"""Work items in whole instances: backed up with their files, and what a full disk leaves of an import."""

import secrets
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.evidence.trail_world import issue, write
from tests.operate.instances import Instance

SEEN = """
from vertebra.evidence.models import TrailVersion
from vertebra.evidence.trail import places
version = TrailVersion.objects.filter(superseded_at=None).first()
there = [path.is_file() for table in places.TABLES for path in places.paths_of(version.source_id, version.files, table)] if version else []
import json
print(json.dumps([version.counts if version else None, all(there), len(there)]))
"""


def test_a_restored_instance_has_its_work_items_and_takes_more(
    new_instance: Callable[[], Instance], tmp_path: Path
) -> None:
    old, new = new_instance(), new_instance()
    old.answer(
        "import", "trail", str(write(tmp_path / "a.jsonl", [issue(n) for n in range(9)])), "--source", "T"
    )
    seen = old.python(SEEN)
    assert seen[0]["items"] == 9
    assert seen[1:] == [True, 3]
    old.answer("backup", str(tmp_path / "a.tar"))
    new.answer("restore", str(tmp_path / "a.tar"))
    assert new.python(SEEN) == seen
    shutil.copy(old.folder / "secret.key", new.folder / "secret.key")
    more = write(tmp_path / "b.jsonl", [issue(n) for n in range(12)])
    assert new.answer("import", "trail", str(more), "--source", "T")["counts"]["items"]["created"] == 3


@pytest.fixture
def small_disk(instance: Instance) -> Iterator[Path]:
    """One megabyte for the files of trails, and for what is written aside before it is one of them."""
    folder = instance.folder / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"NO DISK-FULL TEST: mounting is not allowed here ({mounted.stderr.strip()})")
    for name in ("staging", "trail"):
        (folder / name).mkdir()
        (instance.folder / name).symlink_to(folder / name)
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.deep
def test_a_full_disk_is_said_and_leaves_nothing(instance: Instance, small_disk: Path, tmp_path: Path) -> None:
    # Titles that cannot be packed.
    titles = [secrets.token_hex(250) for _ in range(6_000)]
    file = write(tmp_path / "a.jsonl", [issue(n, summary=title) for n, title in enumerate(titles)])
    refused = instance.run("import", "trail", str(file), "--source", "T")
    assert refused.returncode == 1
    assert "disk is full" in refused.stderr
    assert instance.python(SEEN)[0] is None
    assert not [path for path in small_disk.rglob("*") if path.is_file()]
    small = write(tmp_path / "b.jsonl", [issue(n) for n in range(6)])
    assert instance.answer("import", "trail", str(small), "--source", "T")["counts"]["items"]["created"] == 6
