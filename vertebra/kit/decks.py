"""Slides that whoever presents them may change: titles where outlines and readers find them, boxes of text."""

import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide

ACCENT, INK, FAINT = "0B6477", "14202B", "5F6D79"
LONGEST = 260
# A line of text: what it says, its size, its colour, whether it is bold.
Words = tuple[str, int, str, bool]


def new_deck(title: str, language: str) -> "Presentation":
    """An empty deck in the wide format."""
    import pptx
    from pptx.util import Inches

    deck = pptx.Presentation()
    deck.slide_width, deck.slide_height = Inches(13.333), Inches(7.5)
    deck.core_properties.title = title
    deck.core_properties.author = "Vertebra"
    deck.core_properties.language = language
    return deck


def saved(deck: "Presentation") -> bytes:
    """The deck as a PPTX file."""
    kept = io.BytesIO()
    deck.save(kept)
    return kept.getvalue()


def first_slide(deck: "Presentation", title: str, told: list[Words]) -> None:
    """The slide that opens a deck: its title, and a few lines under it."""
    from pptx.util import Inches

    made = deck.slides.add_slide(deck.slide_layouts[5])
    head = made.shapes.title
    head.left, head.top, head.width, head.height = Inches(0.9), Inches(2.2), Inches(11.5), Inches(1.8)
    write(head.text_frame, [(cut(title, 140), 44, ACCENT, True)])
    box(made, (0.9, 4.1, 11.5, 2.6), told)


def cut(text: str, longest: int = LONGEST) -> str:
    """A text on one line, cut where it is too long."""
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def new_slide(deck: "Presentation", heading: str) -> "Slide":
    """A slide with its heading in the place of titles, so that outlines and readers find it."""
    from pptx.util import Inches

    slide = deck.slides.add_slide(deck.slide_layouts[5])
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = Inches(0.7), Inches(0.45), Inches(11.9), Inches(1.1)
    write(title.text_frame, [(cut(heading, 140), 30, ACCENT, True)])
    return slide


def write(frame: Any, lines: list[Words]) -> None:
    """Lines of text with their size, colour and weight."""
    from pptx.dml.color import RGBColor
    from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
    from pptx.util import Pt

    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    for at, (text, size, colour, is_bold) in enumerate(lines):
        paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.LEFT
        run = paragraph.add_run()
        run.text, run.font.size, run.font.bold = text, Pt(size), is_bold
        run.font.color.rgb = RGBColor.from_string(colour)
        paragraph.space_after = Pt(6)


def box(slide: "Slide", place: tuple[float, ...], lines: list[Words]) -> None:
    """A box of text at a place, in inches."""
    from pptx.util import Inches

    left, top, width, height = (Inches(value) for value in place)
    write(slide.shapes.add_textbox(left, top, width, height).text_frame, lines)


def lines_slide(deck: "Presentation", heading: str, texts: list[str]) -> None:
    """A slide of plain lines; none where there is nothing to say."""
    lines = [(cut(text, 700), 20, INK, False) for text in texts if text.strip()]
    if lines:
        box(new_slide(deck, heading), (0.7, 1.7, 11.9, 5.2), lines)
