"""Bringing in incidents of other tools: files go in, what was brought and what is wrong is said; twice changes nothing."""

import datetime as dt
import tempfile
from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from vertebra.accounts.permissions import PageRequest, Right, requires
from vertebra.connectors.status_pages import Found, read_incidents
from vertebra.evidence.actions.incident_imports import Brought, import_incidents
from vertebra.kit import clock
from vertebra.kit.files.labels import message, remedy
from vertebra.org.empty_spaces import language_now
from vertebra.sources.forms import UploadForm

MOST_PROBLEMS = 200


@require_http_methods(["GET", "POST"])
@requires(Right.IMPORT)
def incident_upload(request: PageRequest) -> HttpResponse:
    """Take files of incidents; each incident that can be read is written down, the others are said."""
    form = UploadForm(request.POST or None, request.FILES or None)
    found: Found | None = None
    brought: Brought | None = None
    if request.method == "POST" and form.is_valid():
        given, now = form.cleaned_data, clock.now()
        found = read_uploads(given["uploads"])
        if found.incidents:
            brought = import_incidents(
                actor=request.user, found=found.incidents.values(), source=given["source"].strip(),
                language=language_now(), now=now,
            )  # fmt: skip
    faults = [*(found.problems if found else []), *(brought.problems if brought else [])]
    problems = [
        {
            "file": one.file,
            "line": one.line,
            "column": one.column,
            "what": message(one),
            "remedy": remedy(one),
        }
        for one in faults[:MOST_PROBLEMS]
    ]
    context = {"form": form, "brought": brought, "problems": problems, "is_read": found is not None}
    return render(
        request, "evidence/incident_upload.html", context, status=422 if found and not brought else 200
    )


def read_uploads(uploads: Iterable[UploadedFile[bytes]]) -> Found:
    """What uploaded files tell; they are kept no longer than it takes to read them."""
    zone: dt.tzinfo = ZoneInfo(settings.TIME_ZONE)
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, upload in enumerate(uploads):
            name = Path(str(upload.name or "file").replace("\\", "/")).name
            place = Path(folder) / str(number)
            place.mkdir()
            path = place / name
            with path.open("wb") as file:
                for chunk in upload.chunks():
                    file.write(chunk)
            paths.append(path)
        return read_incidents(paths, zone)
