"""An audit on paper: laid out by Typst, which is loaded only where a PDF is made."""

import dataclasses
import json
from pathlib import Path

from vertebra.discovery.exports.headings import headings
from vertebra.discovery.exports.words import Document

LAYOUT = Path(__file__).with_name("audit.typ")


def as_pdf(document: Document) -> bytes:
    """The document as a PDF whose parts a screen reader can tell."""
    import typst

    told = dataclasses.asdict(document) | {"words": headings()}
    for told_item, item in zip(told["items"], document.items, strict=True):
        told_item |= {"facts": item.facts, "also": item.also}
    made: bytes = typst.compile(
        LAYOUT.read_bytes(), sys_inputs={"audit": json.dumps(told)}, ignore_system_fonts=True
    )
    return made
