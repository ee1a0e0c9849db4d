"""Backup while things change, restore, and everything that can go wrong with either."""

import gzip
import hashlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.operate.conftest import ADMIN_URL
from tests.operate.instances import Instance, until

Make = Callable[[], Instance]
# Like everything, whole on PostgreSQL in the deep tests; what is marked there runs on both.
deep = [pytest.mark.deep, pytest.mark.postgres]


# A log of writes that stays as large as it once was takes further ones on a disk that is full.
NO_ROOM_KEPT = "from django.db import connection\nconnection.cursor().execute('PRAGMA wal_checkpoint(TRUNCATE)')\nprint(0)"


def fill(instance: Instance, people: int = 3) -> None:
    instance.python(f"from tests.operate import sample_data\nsample_data.fill({people})")


def contents(instance: Instance) -> Any:
    return instance.python(
        "import json\nfrom tests.operate import sample_data\nprint(json.dumps(sample_data.contents()))"
    )


def test_a_restored_instance_holds_the_same_rows_and_files(new_instance: Make, tmp_path: Path) -> None:
    old, new = new_instance(), new_instance()
    fill(old)
    done = old.answer("backup", str(tmp_path / "a.tar"))
    assert done["files"] == 1
    assert new.answer("restore", str(tmp_path / "a.tar"))["rows"] == done["rows"] > 5
    assert contents(new) == contents(old)
    assert contents(new)["accounts.user"][2] == 4, "the number of a removed account would be given again"


def test_a_backup_crosses_from_one_database_to_the_other(new_instance: Make, tmp_path: Path) -> None:
    if not ADMIN_URL:
        pytest.skip("needs PostgreSQL beside SQLite")
    here, other = new_instance(), Instance(tmp_path / "sqlite" / "data")
    fill(here)
    other.folder.parent.mkdir()
    here.answer("backup", str(tmp_path / "a.tar"))
    other.answer("restore", str(tmp_path / "a.tar"))
    there = contents(other)
    assert there == contents(here)
    back = new_instance()
    other.answer("backup", str(tmp_path / "b.tar"))
    back.answer("restore", str(tmp_path / "b.tar"))
    assert contents(back) == there


def test_the_archive_carries_no_key_and_is_private(instance: Instance, tmp_path: Path) -> None:
    fill(instance)
    file = tmp_path / "a.tar"
    instance.answer("backup", str(file))
    key = (instance.folder / "secret.key").read_text()
    assert key.encode() not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    with tarfile.open(file) as archive:
        assert "secret.key" not in archive.getnames()


def test_an_instance_that_holds_something_is_not_overwritten(instance: Instance, tmp_path: Path) -> None:
    fill(instance)
    before = contents(instance)
    instance.answer("backup", str(tmp_path / "a.tar"))
    refused = instance.run("restore", str(tmp_path / "a.tar"))
    assert refused.returncode == 1
    assert "not empty" in refused.stderr
    assert "VERTEBRA_DATA" in refused.stderr
    assert contents(instance) == before


def repacked(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The archive with other content."""
    parts: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        for member in archive:
            parts[member.name] = archive.extractfile(member).read()  # type: ignore[union-attr]
    change(parts)
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, part in parts.items():
            member = tarfile.TarInfo(name)
            member.size = len(part)
            archive.addfile(member, io.BytesIO(part))
    return made.getvalue()


def squeezed(parts: dict[str, bytes]) -> None:
    """A table that cannot be unpacked, with a manifest that agrees with it."""
    name = "tables/accounts.user.jsonl.gz"
    parts[name] = parts[name][:20] + b"\xff" * 40 + parts[name][60:]
    manifest = json.loads(parts["manifest.json"])
    manifest["tables"]["accounts.user"]["sha256"] = hashlib.sha256(parts[name]).hexdigest()
    parts["manifest.json"] = json.dumps(manifest).encode()


def shortened(parts: dict[str, bytes]) -> None:
    """A row with fewer columns than its table, with a manifest that agrees with it."""
    name = "tables/accounts.user.jsonl.gz"
    parts[name] = gzip.compress(b"[1]\n")
    manifest = json.loads(parts["manifest.json"])
    manifest["tables"]["accounts.user"]["sha256"] = hashlib.sha256(parts[name]).hexdigest()
    parts["manifest.json"] = json.dumps(manifest).encode()


def listed(parts: dict[str, bytes]) -> None:
    """A manifest that is something else."""
    parts["manifest.json"] = b"[]"


DAMAGES = ["half", "flipped", "text", "manifest", "squeezed", "shortened", "listed"]


@pytest.mark.parametrize("damage", [*DAMAGES[:2], *(pytest.param(each, marks=deep) for each in DAMAGES[2:])])
def test_a_damaged_archive_restores_nothing(new_instance: Make, tmp_path: Path, damage: str) -> None:
    old, new = new_instance(), new_instance()
    fill(old)
    file = tmp_path / "a.tar"
    old.answer("backup", str(file))
    content = file.read_bytes()
    if damage == "half":
        content = content[: len(content) // 2]
    elif damage == "flipped":
        with tarfile.open(file) as archive:
            at = archive.getmember("tables/accounts.user.jsonl.gz").offset_data + 30
        content = content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]
    elif damage == "text":
        content = b"not an archive"
    elif damage in ("squeezed", "shortened", "listed"):
        content = repacked(content, {"squeezed": squeezed, "shortened": shortened, "listed": listed}[damage])
    else:
        content = content.replace(b'"format": 1', b'"format": 9')
    file.write_bytes(content)
    before = contents(new)
    refused = new.run("restore", str(file), "--json")
    assert refused.returncode == 2, refused.stderr
    assert json.loads(refused.stdout)["error"]
    assert contents(new) == before


def test_a_backup_sees_one_moment_while_people_work(instance: Instance, tmp_path: Path) -> None:
    fill(instance, 2000)
    writer = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'vertebra.settings'; django.setup()\n"
            "from django.db import transaction\nfrom vertebra.accounts.models import ApiToken, User\n"
            "from vertebra.kit import clock\n"
            "user, now = User.objects.first(), clock.now()\n"
            "for n in range(100000):\n"
            "    with transaction.atomic():\n"
            "        u = User.objects.create(email=f'pair{n}@example.org', name='pair', created_at=now)\n"
            "        ApiToken.objects.create(user=u, name='pair', digest=str(n), hint='', created_at=now, expires_at=now)\n"
            "        print(n, flush=True)\n",
        ],
        env=instance.environment,
        stdout=subprocess.PIPE,
    )
    try:
        assert writer.stdout is not None
        writer.stdout.readline()
        instance.answer("backup", str(tmp_path / "a.tar"))
    finally:
        writer.kill()
        said = len(writer.stdout.read().splitlines()) if writer.stdout else 0
        writer.wait()
    assert said > 10, "nobody wrote during the backup: the test shows nothing"
    with tarfile.open(tmp_path / "a.tar") as archive:
        manifest = json.loads(archive.extractfile("manifest.json").read())  # type: ignore[union-attr]
    assert (
        manifest["tables"]["accounts.user"]["rows"] == 2000 + manifest["tables"]["accounts.apitoken"]["rows"]
    )


def test_a_killed_backup_leaves_the_earlier_one_whole(instance: Instance, tmp_path: Path) -> None:
    fill(instance)
    (instance.folder / "uploads" / "large.bin").write_bytes(os.urandom(200_000_000))
    file = tmp_path / "a.tar"
    file.write_bytes(b"")
    with tarfile.open(file, "w"):
        pass
    earlier = file.read_bytes()
    partial = tmp_path / "a.tar.partial"
    killed = instance.start("backup", str(file))
    until(lambda: partial.exists() and partial.stat().st_size > 1_000_000)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    assert file.read_bytes() == earlier
    instance.answer("backup", str(file))
    assert file.stat().st_size > 200_000_000
    assert not partial.exists()


@pytest.fixture
def small_disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB, or of as many as a test asks for; else a loud skip."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={getattr(request, 'param', 8)}m", "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"NO DISK-FULL TEST: mounting is not allowed here ({mounted.stderr.strip()})")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.deep
@pytest.mark.postgres
def test_a_full_disk_is_said_and_leaves_nothing(instance: Instance, small_disk: Path) -> None:
    fill(instance)
    (instance.folder / "uploads" / "large.bin").write_bytes(os.urandom(12_000_000))
    refused = instance.run("backup", str(small_disk / "a.tar"))
    assert refused.returncode == 1
    assert "disk is full" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert list(small_disk.iterdir()) == []


@pytest.mark.deep
@pytest.mark.postgres
@pytest.mark.parametrize("small_disk", [16], indirect=True)
def test_a_data_folder_on_a_full_disk_loses_nothing(instance: Instance, small_disk: Path) -> None:
    if instance.database:
        pytest.skip("the data folder holds the database only with SQLite")
    full = Instance(small_disk / "data")
    assert full.run("migrate").returncode == 0
    fill(full)
    before = contents(full)
    full.python(NO_ROOM_KEPT)
    (small_disk / "ballast").write_bytes(b"0" * (shutil.disk_usage(small_disk).free - 4096))
    refused = full.run("user", "deactivate", "person1@example.org")
    assert refused.returncode == 1
    assert "disk is full" in refused.stderr.lower()
    (small_disk / "ballast").unlink()
    assert contents(full) == before


def test_another_file_is_never_overwritten(instance: Instance, tmp_path: Path) -> None:
    precious = tmp_path / "thesis.txt"
    precious.write_text("three years of work")
    assert instance.run("backup", str(precious)).returncode == 2
    assert precious.read_text() == "three years of work"


def test_an_archive_cannot_write_outside_its_folders(new_instance: Make, tmp_path: Path) -> None:
    old, new = new_instance(), new_instance()
    old.answer("backup", str(tmp_path / "a.tar"))
    evil = tmp_path / "evil.tar"
    with tarfile.open(tmp_path / "a.tar") as source, tarfile.open(evil, "w") as target:
        for member in source:
            if member.name == "manifest.json":
                link = tarfile.TarInfo("uploads/../../escaped")
                target.addfile(link)
            target.addfile(member, source.extractfile(member))
    assert new.run("restore", str(evil)).returncode == 2
    assert not (new.folder.parent / "escaped").exists()
