"""Images of lessons: files of the data folder, known by what they hold, served by their own page."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

FOLDER = "lessons"
_KINDS = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"))
TYPES = {"png": "image/png", "jpg": "image/jpeg", "webp": "image/webp"}


class NotAnImage(Exception):
    """What a file holds is no image that browsers show."""


def kind_of(head: bytes) -> str:
    """The kind of image that begins like this."""
    found = next((kind for begin, kind in _KINDS if head.startswith(begin)), "")
    if not found and head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        found = "webp"
    if not found:
        raise NotAnImage
    return found


def keep_image(given: "UploadedFile[bytes]") -> str:
    """Keep an image in the data folder, under a name made of what it holds."""
    raw = given.read()
    name = f"{hashlib.sha256(raw).hexdigest()[:40]}.{kind_of(raw[:16])}"
    place = _place(name)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not place.exists():
        half = place.with_suffix(".part")
        half.write_bytes(raw)
        half.rename(place)
    return name


def image_file(name: str) -> tuple[Path, str] | None:
    """Where an image is, and its type; nothing when it is gone."""
    place = _place(name)
    kind = TYPES.get(place.suffix.removeprefix("."))
    return (place, kind) if kind and place.is_file() else None


def _place(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / FOLDER / Path(name).name
