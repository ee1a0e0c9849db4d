"""Makes `.venv` hold what the product (`run`) or its developers (`dev`) need; run by the system's Python, costs nothing twice."""

import compileall
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
BIN = VENV / "bin"
OLDEST = (3, 11)
LANGUAGES = frozenset({"en", "fr"})
# `make run` shows the whole product; requirements/run.txt alone is what a packager may install.
LISTS = {"run": "analytics", "dev": "dev"}


def stop(problem: str, remedy: str) -> NoReturn:
    """Say what is wrong and what to do about it."""
    print(f"\n{problem}\n{remedy}\n", file=sys.stderr)
    sys.exit(1)


def requirements(group: str) -> Path:
    """The locked list of a group."""
    return ROOT / "requirements" / f"{LISTS[group]}.txt"


def stamp(group: str) -> str:
    """What the environment must have been made from."""
    content = requirements(group).read_bytes() + f"{ROOT} {sys.version_info[:2]}".encode()
    return hashlib.sha256(content).hexdigest()


def is_ready(group: str) -> bool:
    """Whether the environment already holds the group (developers' holds the product's)."""
    return any(
        (VENV / f".{name}").exists() and (VENV / f".{name}").read_text() == stamp(name)
        for name in ({"run", "dev"} if group == "run" else {"dev"})
    )


def make_venv() -> None:
    """A virtual environment with pip in it."""
    if (BIN / "python").exists():
        return
    print("Making .venv (once)…", file=sys.stderr, flush=True)
    made = subprocess.run(
        [sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False
    )
    if made.returncode:
        said = (made.stdout + made.stderr).strip().splitlines()
        stop(
            f"This Python cannot make a virtual environment: {said[0] if said else 'no reason given'}",
            "On Debian or Ubuntu: apt-get install python3-venv. Then run the same command again.",
        )


def uv() -> str:
    """The installer, in the version and with the hashes of the developers' list."""
    if not (BIN / "uv").exists():
        lines, is_taken = [], False
        for line in requirements("dev").read_text().splitlines():
            is_taken = line.startswith("uv==") or (is_taken and line.startswith(" "))
            lines += [line] if is_taken else []
        wanted = VENV / "uv.txt"
        wanted.write_text("\n".join(lines) + "\n")
        run([str(BIN / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes",
             "--no-deps", "-r", str(wanted)])  # fmt: skip
    return str(BIN / "uv")


def run(command: list[str]) -> None:
    """Run one step of the installation."""
    environment = {**os.environ, "VIRTUAL_ENV": str(VENV)}
    if subprocess.run(command, env=environment, check=False).returncode:
        stop(
            f"This step failed: {' '.join(command)}",
            "Its message is above. Without a network or a mirror of the Python Package Index nothing can be installed.",
        )


def install(group: str) -> None:
    """Install the locked packages, and the product itself by reference to this folder."""
    print(f"Installing {group} packages into .venv (once)…", file=sys.stderr, flush=True)
    how = ["sync"] if group == "dev" else ["install"]
    for other in ("run", "dev"):
        (VENV / f".{other}").unlink(missing_ok=True)
    listed = [] if group == "dev" else ["-r"]
    compiled = (
        "--compile-bytecode"  # else each start compiles again where Python may not keep what it compiled
    )
    run([uv(), "pip", *how, "--quiet", compiled, "--require-hashes", *listed, str(requirements(group))])
    packages = next((VENV / "lib").glob("python*/site-packages"))
    (packages / "vertebra.pth").write_text(f"{ROOT}\n")
    command = BIN / "vertebra"
    command.write_text(f"#!{BIN / 'python'}\nfrom vertebra.cli import main\n\nmain()\n")
    command.chmod(0o755)
    if group == "run":
        trim(packages)
    (VENV / f".{group}").write_text(stamp(group))


def trim(packages: Path) -> None:
    """Take out of the product's packages what it never reads: a quarter of the disk that they take.

    Their own tests, their words and word lists in languages that nobody here speaks, and the installers but pip.
    """
    installers = ["uv", "setuptools"]
    run(
        [
            str(BIN / "python"),
            "-m",
            "pip",
            "uninstall",
            "-q",
            "-y",
            "--disable-pip-version-check",
            *installers,
        ]
    )
    for tests in [*packages.glob("*/**/tests"), *packages.glob("pip/**/__pycache__")]:
        shutil.rmtree(tests, ignore_errors=True)
    for words in packages.glob("*/**/locale"):
        for one in words.iterdir():
            if one.is_dir() and one.name not in LANGUAGES:
                shutil.rmtree(one)
    for words in packages.glob("simplemma/**/*.plzma"):
        if words.stem not in LANGUAGES:
            words.unlink()


def main() -> None:
    group = sys.argv[1]
    if sys.version_info < OLDEST:
        stop(
            f"Vertebra needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this is {sys.version.split()[0]} ({sys.executable}).",
            "Install a newer one, then: make PYTHON=python3.12 run",
        )
    if not is_ready(group):
        make_venv()
        install(group)
    compileall.compile_dir(ROOT / "vertebra", quiet=2)


if __name__ == "__main__":
    main()
