"""The PDF and the slides of each version of an audit, made by a job and kept in the data folder."""

import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.text import slugify

from vertebra.discovery.exports.markdown import as_markdown
from vertebra.discovery.exports.pdf import as_pdf
from vertebra.discovery.exports.slides import as_slides
from vertebra.discovery.exports.words import Document, in_words
from vertebra.discovery.models import Audit
from vertebra.discovery.queries.audits import Edition, edition_of, latest_edition
from vertebra.kit.papers import keep_file, writable

FORMS: dict[str, tuple[str, Callable[[Document], bytes]]] = {
    "md": ("text/markdown; charset=utf-8", lambda document: as_markdown(document).encode()),
    "pdf": ("application/pdf", as_pdf),
    "pptx": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", as_slides),
}
HEAVY = ("pdf", "pptx")
JOB = "vertebra.discovery.jobs.audits.make_audit_files"


def folder_of(audit_id: int) -> Path:
    """Where the files of an audit lie."""
    return Path(settings.MEDIA_ROOT) / "audits" / str(audit_id)


def path_of(audit_id: int, version: int, form: str) -> Path:
    """Where one form of one version lies, once made."""
    return folder_of(audit_id) / f"{version}.{form}"


def name_of(edition: Edition, form: str) -> str:
    """What a reader's file is called."""
    return f"{slugify(edition.content['title'])[:60] or 'audit'}-v{edition.version}.{form}"


def ask_for(audit_id: int, version: int | None = None) -> None:
    """Have the files of a version (the latest, unless said) made."""
    import_string(JOB).enqueue(audit_id, version)


def forget(audit_id: int) -> None:
    """Delete the files of all versions of an audit."""
    shutil.rmtree(folder_of(audit_id), ignore_errors=True)


def words_of(edition: Edition) -> Document:
    """A version in the words of its own language."""
    day = timezone.localtime(edition.published_at or edition.frozen_at).date()
    with translation.override(edition.content["language"]):
        return in_words(writable(edition.content), day)


def made(edition: Edition, form: str) -> bytes:
    """One form of a version, in its own language."""
    document = words_of(edition)
    with translation.override(edition.content["language"]):
        return FORMS[form][1](document)


def make(audit: Audit, version: int | None, form: str) -> Path | None:
    """Write one form of a version where readers find it; nothing for a version that is not there."""
    edition = edition_of(audit, version) if version else latest_edition(audit)
    if edition is None:
        return None
    path = path_of(audit.pk, edition.version, form)
    keep_file(path, made(edition, form))
    return path
