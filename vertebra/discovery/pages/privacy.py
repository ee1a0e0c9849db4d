"""What Vertebra sees and does not see here, for anybody who is asked something; drafts for those who must be told."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from vertebra.accounts.permissions import PageRequest, Right, may, open_to_anyone, requires
from vertebra.discovery.queries.privacy import filled, seen_on
from vertebra.discovery.shipped.privacy import DOCUMENTS, LANGUAGES
from vertebra.kit import clock

TITLES = {
    "notice": (
        _("Notice for the works council (CSE)"),
        _("What is put in use, who sees what, the safeguards, what remains a risk."),
    ),
    "register": (
        _("Entry for the register of processing (GDPR, article 30)"),
        _("Purposes, legal basis, data, recipients, how long, security."),
    ),
    "impact": (
        _("Impact assessment (DPIA)"),
        _("Whether it is needed, proportion, risks one by one, plan of action."),
    ),
}


@require_GET
@open_to_anyone(reason="whoever is asked something may first read what is kept of the answer")
def privacy_page(request: HttpRequest) -> HttpResponse:
    """Say what this instance keeps, what it never does, and what stays a risk."""
    return render(request, "discovery/privacy.html", {"seen": seen_on(clock.now())})


@require_GET
@requires(Right.SEE_AUDIT)
def document_list(request: PageRequest) -> HttpResponse:
    """Drafts for the works council, the register and the impact assessment, as this instance fills them."""
    documents = [(code, *TITLES[code]) for code in DOCUMENTS]
    context = {
        "documents": documents,
        "languages": [("fr", "Français"), ("en", "English")],
        "seen": seen_on(clock.now()),
        "may_administer": may(request.user, Right.ADMINISTER),
    }
    return render(request, "discovery/privacy_documents.html", context)


@require_GET
@requires(Right.SEE_AUDIT)
def document_download(request: PageRequest, document: str, language: str) -> HttpResponse:
    """One draft as Markdown."""
    if document not in DOCUMENTS or language not in LANGUAGES:
        raise Http404
    text = filled(document, language, clock.now())
    response = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="vertebra-{document}-{language}.md"'
    return response
