"""Fetch again the files of other people that Vertebra serves, and write down where each comes from.

    python tools/vendor.py            fetch every package, rewrite the files and vendor.lock
    python tools/vendor.py --check    only compare the files with vendor.lock

Developers run this to change a version; nothing else does: the files are committed.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "vertebra" / "kit" / "static" / "vendor"
LOCK = ROOT / "vendor.lock"

ICONS = """
archive arrow-down arrow-left arrow-right arrow-up bell book-open calendar calendar-clock chart-column check
chevron-down chevron-right circle-alert circle-check circle-dashed clipboard-list clock columns-3 command
compass copy download ear ellipsis external-link eye file-down file-spreadsheet file-text filter flag git-
commit-horizontal globe hand-helping history house inbox info key keyboard languages layers lightbulb link
list list-tree lock log-out mail map menu merge message-square mic monitor moon network panel-left pencil
play plus presentation printer quote refresh-cw route ruler scale search send settings share-2 split star
stethoscope sun table target timer triangle-alert undo-2 upload user user-plus users waypoints x zoom-in
zoom-out
""".split()  # noqa: SIM905 a list of words reads better as words


@dataclass(frozen=True)
class Package:
    """One package of the npm registry and the files of it that we serve."""

    package: str
    version: str
    name: str
    licence: str
    files: tuple[str, ...]

    @property
    def folder(self) -> Path:
        return VENDOR / f"{self.name}-{self.version}"


@dataclass(frozen=True)
class Entry:
    """One committed file, with what is needed to fetch it again and to notice a change."""

    name: str
    version: str
    origin: str
    licence: str
    file: str
    sha256: str


PACKAGES = (
    Package(
        "@fontsource-variable/inter",
        "5.3.0",
        "inter",
        "OFL-1.1",
        ("LICENSE", "files/inter-latin-wght-normal.woff2", "files/inter-latin-ext-wght-normal.woff2"),
    ),
    Package(
        "lucide-static", "1.62.0", "lucide", "ISC", ("LICENSE", *(f"icons/{name}.svg" for name in ICONS))
    ),
    Package("cytoscape", "3.34.4", "cytoscape", "MIT", ("LICENSE", "dist/cytoscape.min.js")),
)


def digest(path: Path) -> str:
    """Give the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def without_source_map(content: bytes) -> bytes:
    """Drop the pointer to a source map: we do not serve maps, and static hashing refuses dead pointers."""
    return re.sub(rb"\n?//# sourceMappingURL=\S+\s*$", b"\n", content)


def fetch(package: Package, scratch: Path) -> Iterator[Entry]:
    """Download one package with the npm client and copy the files we serve into its folder."""
    wanted = f"{package.package}@{package.version}"
    answer = subprocess.run(
        ["npm", "pack", wanted, "--json", "--pack-destination", str(scratch)],
        check=True,
        capture_output=True,
        text=True,
    )
    archive = scratch / json.loads(answer.stdout)[0]["filename"]
    shutil.rmtree(package.folder, ignore_errors=True)
    package.folder.mkdir(parents=True)
    with tarfile.open(archive) as bundle:
        for file in package.files:
            member = bundle.extractfile(f"package/{file}")
            if member is None:
                raise SystemExit(f"{wanted} has no file {file}")
            target = package.folder / PurePosixPath(file).name
            target.write_bytes(without_source_map(member.read()))
            yield Entry(
                package.name,
                package.version,
                f"npm:{wanted}",
                package.licence,
                target.relative_to(ROOT).as_posix(),
                digest(target),
            )


def differences() -> list[str]:
    """Say how the committed files and vendor.lock differ, in one line per file."""
    entries = [Entry(**entry) for entry in json.loads(LOCK.read_text())]
    locked = {entry.file: entry.sha256 for entry in entries}
    present = {
        path.relative_to(ROOT).as_posix(): digest(path) for path in VENDOR.rglob("*") if path.is_file()
    }
    return (
        [f"{file}: listed, but missing" for file in sorted(locked.keys() - present.keys())]
        + [f"{file}: present, but not listed" for file in sorted(present.keys() - locked.keys())]
        + [
            f"{file}: changed"
            for file in sorted(locked.keys() & present.keys())
            if locked[file] != present[file]
        ]
    )


def main() -> int:
    """Fetch or check, and answer 1 when something differs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="compare only")
    if not parser.parse_args().check:
        with tempfile.TemporaryDirectory() as scratch:
            entries = [asdict(entry) for package in PACKAGES for entry in fetch(package, Path(scratch))]
        LOCK.write_text(json.dumps(entries, indent=1) + "\n")
    found = differences()
    sys.stdout.writelines(f"{line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
