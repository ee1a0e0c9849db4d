"""The PDF and the slides of an audit are opened and read back."""

import io
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from pptx import Presentation

from tests import world
from tests.discovery.audited import Heard, audited, heard
from vertebra.discovery.actions import audit_publishing as publishing
from vertebra.discovery.actions.audits import change_audit, comment_item
from vertebra.discovery.actions.quick_wins import propose_quick_win
from vertebra.discovery.exports import files
from vertebra.discovery.jobs.audits import make_audit_files, withdraw_quotes
from vertebra.discovery.models import Audit, Verbatim
from vertebra.kit.papers import writable

pytestmark = pytest.mark.django_db
HOSTILE = 'Il a dit : "#let x = 1" *gras* <b>$_@ | 100 % — « c’est ça » \\ fin'


@pytest.fixture
def found(tmp_path: Path, settings: Any) -> Heard:
    settings.MEDIA_ROOT = tmp_path
    return heard()


def published(found: Heard, **fields: object) -> Audit:
    audit = audited(found, **fields)
    propose_quick_win(
        actor=found.ines, pain_point=found.pains[0], title="Annoncer la veille", days=2, language="fr",
        audit=audit, now=world.NOW,
    )  # fmt: skip
    comment_item(actor=found.ines, item=audit.items.all()[0], comment=HOSTILE, now=world.NOW)
    change_audit(actor=found.ines, audit=audit, changes={"introduction": "Merci à tous."}, now=world.NOW)
    publishing.freeze_audit(actor=found.ines, audit=audit, now=world.NOW)
    publishing.publish_audit(actor=found.ines, audit=audit, now=world.NOW)
    audit.refresh_from_db()
    assert make_audit_files.func(audit.pk) == ["pdf", "pptx"]
    return audit


def pdf_text(path: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(path).pages).split())


def slides_text(path: Path) -> str:
    deck = Presentation(str(path))
    texts = []
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                texts.append(shape.text_frame.text)
            if shape.has_table:
                texts += [cell.text for row in shape.table.rows for cell in row.cells]
    return " ".join(" ".join(texts).split())


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_pdf_says_what_the_page_says(found: Heard) -> None:
    audit = published(found)
    path = files.path_of(audit.pk, 1, "pdf")
    text = pdf_text(path)
    for words in ("Ce que nous avons entendu", "Merci à tous.", "Annoncer la veille", "#let x = 1", "*gras*"):
        assert words in text
    for pain in found.pains:
        assert pain.title in text
    assert "Personne 0" not in text, "nobody is named"
    root: Any = pypdf.PdfReader(path).trailer["/Root"]
    assert root["/Lang"] == "fr"
    assert bool(root["/MarkInfo"]["/Marked"]), "parts that a screen reader can tell"


def test_the_slides_have_one_for_each_pain_point_and_a_real_chart(found: Heard) -> None:
    audit = published(found)
    path = files.path_of(audit.pk, 1, "pptx")
    deck = Presentation(str(path))
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    for rank, item in enumerate(audit.content["items"], start=1):
        assert f"{rank}. {item['title']}" in titles
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    assert len(charts) == 1
    assert "Annoncer la veille" in slides_text(path)
    assert "Personne 0" not in slides_text(path)


def test_markdown_reads_nobodys_marks(found: Heard) -> None:
    audit = published(found)
    url = reverse("discovery:audit-file", args=(audit.pk, "md"))
    text = client_of(world.lea()).get(url).content.decode()
    assert r"\*gras\*" in text
    assert r"\<b\>" in text
    assert text.startswith("# Ce que nous avons entendu\n")


def test_files_lose_words_that_were_withdrawn(found: Heard) -> None:
    audit = published(found)
    quoted = audit.content["quoted"][0]
    verbatim = Verbatim.objects.get(pk=quoted)
    words = verbatim.text
    assert words in pdf_text(files.path_of(audit.pk, 1, "pdf"))
    assert words in slides_text(files.path_of(audit.pk, 1, "pptx"))
    verbatim.withdrawn_at = world.NOW
    verbatim.save()
    client = client_of(world.lea())
    page = client.get(reverse("discovery:audit-file", args=(audit.pk, "pdf")))
    assert not page.streaming, "the file that still holds the words is not given away"
    assert words not in client.get(reverse("discovery:audit-show", args=(audit.pk,))).content.decode()

    withdraw_quotes.func()
    assert not files.path_of(audit.pk, 1, "pdf").exists()
    make_audit_files.func(audit.pk)
    for text in (
        pdf_text(files.path_of(audit.pk, 2, "pdf")),
        slides_text(files.path_of(audit.pk, 2, "pptx")),
    ):
        assert verbatim.text not in text
        assert found.pains[0].title in text
    make_audit_files.func(audit.pk, 1)
    assert verbatim.text not in pdf_text(files.path_of(audit.pk, 1, "pdf")), "nor do files of older versions"


def test_a_file_that_is_not_there_yet_is_waited_for(found: Heard) -> None:
    audit = published(found)
    files.forget(audit.pk)
    client = client_of(world.lea())
    url = reverse("discovery:audit-file", args=(audit.pk, "pptx"))
    assert b"audit" in client.get(url).content
    state = reverse("discovery:audit-file-state", args=(audit.pk, "pptx"))
    assert b"hx-trigger" in client.get(state).content
    assert client.post(url).status_code == 302
    make_audit_files.func(audit.pk, 1)
    assert b"hx-trigger" not in client.get(state).content
    answer = client.get(url)
    assert Presentation(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]


def test_characters_that_no_file_can_hold_break_none(found: Heard) -> None:
    pasted = "Ce que\x0bnous\x1b avons\x08 entendu\ufffe \x9fici"
    audit = published(found, title=pasted)
    deck = Presentation(str(files.path_of(audit.pk, 1, "pptx")))
    assert deck.core_properties.title.split() == ["Ce", "que", "nous", "avons", "entendu", "ici"]
    assert "avons entendu ici" in slides_text(files.path_of(audit.pk, 1, "pptx"))
    assert "avons entendu ici" in pdf_text(files.path_of(audit.pk, 1, "pdf"))


def test_what_cannot_be_written_is_found_however_deep() -> None:
    content = {"a": ["\x00b\ud800", {"c": "é\n\tœ 😀"}], "n": 1, "nothing": None}
    assert writable(content) == {"a": [" b ", {"c": "é\n\tœ 😀"}], "n": 1, "nothing": None}


def test_an_english_audit_speaks_english_whoever_reads_it(found: Heard) -> None:
    audit = published(found, language="en", title="What we heard")
    assert "What hurts most" in pdf_text(files.path_of(audit.pk, 1, "pdf"))
    page = client_of(world.lea()).get(reverse("discovery:audit-show", args=(audit.pk,)))
    assert "What hurts most" in page.content.decode()
