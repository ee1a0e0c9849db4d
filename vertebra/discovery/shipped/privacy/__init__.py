"""Drafts for those who must be told: works council, register of processing, impact assessment; in both languages."""

from importlib import resources
from string import Template

LANGUAGES = ("fr", "en")
DOCUMENTS = ("notice", "register", "impact")


def draft(document: str, language: str) -> Template:
    """The draft of a document in a language, with places that the instance fills."""
    if document not in DOCUMENTS or language not in LANGUAGES:
        raise KeyError(document, language)
    file = resources.files(__package__).joinpath(language, f"{document}.md")
    return Template(file.read_text(encoding="utf-8"))
