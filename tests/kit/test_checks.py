"""System checks: each fault is found, and said with its remedy."""

import re
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.checks import CheckMessage

from vertebra.kit import checks
from vertebra.kit.jobs import heartbeats

SMTP = "django.core.mail.backends.smtp.EmailBackend"


def ids(found: list[CheckMessage]) -> list[str]:
    assert all(problem.hint for problem in found)
    return [str(problem.id) for problem in found]


@pytest.mark.parametrize(
    ("check", "sound", "faulty", "said"),
    [
        (
            checks.mail_is_configured,
            {"EMAIL_BACKEND": SMTP},
            {"EMAIL_BACKEND": SMTP.replace("smtp", "dummy")},
            "W001",
        ),
        (checks.debug_is_off, {"DEBUG": False}, {"DEBUG": True}, "W002"),
        (checks.secret_key_is_private, {"SECRET_KEY": "k" * 50}, {"SECRET_KEY": "short"}, "E005"),
        (
            checks.public_address_is_allowed,
            {"PUBLIC_URL": "https://v.example.org", "ALLOWED_HOSTS": [".example.org"]},
            {"PUBLIC_URL": "https://v.example.org", "ALLOWED_HOSTS": ["localhost"]},
            "E006",
        ),
        (
            checks.public_address_is_encrypted,
            {"PUBLIC_URL": "http://127.0.0.1:8000", "IS_SECURE": False},
            {"PUBLIC_URL": "http://v.example.org", "IS_SECURE": False},
            "W007",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_fault_of_the_settings_is_found(
    settings: LazySettings, check: object, sound: dict[str, object], faulty: dict[str, object], said: str
) -> None:
    assert callable(check)
    for name, value in sound.items():
        setattr(settings, name, value)
    assert check() == []
    for name, value in faulty.items():
        setattr(settings, name, value)
    assert ids(check()) == [f"vertebra.{said}"]


def test_a_folder_or_key_that_others_can_read_is_found(settings: LazySettings, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    tmp_path.chmod(0o700)
    key = tmp_path / "secret.key"
    key.write_text("k" * 50)
    key.chmod(0o600)
    assert checks.data_folder_is_private() == checks.secret_key_is_private() == []
    tmp_path.chmod(0o755)
    key.chmod(0o644)
    assert ids(checks.data_folder_is_private()) == ["vertebra.W003"]
    assert ids(checks.secret_key_is_private()) == ["vertebra.E004"]


@pytest.mark.django_db
def test_a_silent_worker_is_found() -> None:
    assert ids(checks.worker_was_seen(databases=["default"])) == ["vertebra.W008"]
    heartbeats.enter()
    assert checks.worker_was_seen(databases=["default"]) == []
    assert checks.worker_was_seen() == []


def test_serving_in_clear_beyond_this_machine_is_said(settings: LazySettings) -> None:
    settings.IS_SECURE = False
    assert "vertebra.W007" in ids(checks.before_serving("0.0.0.0"))
    assert "vertebra.W007" not in ids(checks.before_serving("127.0.0.1"))


def test_every_check_is_documented() -> None:
    root = Path(__file__).resolve().parents[2]
    code = (root / "vertebra/kit/checks.py").read_text()
    page = (root / "docs/operate/monitoring.md").read_text()
    assert set(re.findall(r"vertebra\.[WE]\d{3}", code)) == set(re.findall(r"vertebra\.[WE]\d{3}", page))
