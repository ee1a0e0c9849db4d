"""An audit as slides, which whoever presents it may change: one for each pain point, the picture as a real chart."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from vertebra.discovery.exports.headings import headings
from vertebra.discovery.exports.words import Document, Item

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide

ACCENT, INK, FAINT = "0B6477", "14202B", "5F6D79"
MOST_QUOTES = 3
LONGEST = 260
# Where “fewer than five” stands in the chart.
FEW = 2.5


def as_slides(document: Document) -> bytes:
    """The document as a PPTX file."""
    import pptx
    from pptx.util import Inches

    deck = pptx.Presentation()
    deck.slide_width, deck.slide_height = Inches(13.333), Inches(7.5)
    deck.core_properties.title = document.title
    deck.core_properties.author = "Vertebra"
    deck.core_properties.language = document.language
    words = headings()
    _title(deck, document)
    _lines(deck, words["method"], [document.method, document.coverage, document.reading])
    _overview(deck, document, words)
    for item in document.items:
        _item(deck, item, words)
    if document.wins:
        _wins(deck, document, words)
    _lines(deck, words["not_heard"], document.not_heard.splitlines())
    if document.moved:
        _moved(deck, document, words)
    kept = io.BytesIO()
    deck.save(kept)
    return kept.getvalue()


def _cut(text: str, longest: int = LONGEST) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _slide(deck: "Presentation", heading: str) -> "Slide":
    """A slide with its heading in the place of titles, so that outlines and readers find it."""
    from pptx.util import Inches

    slide = deck.slides.add_slide(deck.slide_layouts[5])
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = Inches(0.7), Inches(0.45), Inches(11.9), Inches(1.1)
    _write(title.text_frame, [(_cut(heading, 140), 30, ACCENT, True)])
    return slide


def _write(frame: Any, lines: list[tuple[str, int, str, bool]]) -> None:
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


def _box(slide: "Slide", place: tuple[float, ...], lines: list[tuple[str, int, str, bool]]) -> None:
    from pptx.util import Inches

    left, top, width, height = (Inches(value) for value in place)
    _write(slide.shapes.add_textbox(left, top, width, height).text_frame, lines)


def _title(deck: "Presentation", it: Document) -> None:
    from pptx.util import Inches

    slide = deck.slides.add_slide(deck.slide_layouts[5])
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = Inches(0.9), Inches(2.2), Inches(11.5), Inches(1.8)
    _write(title.text_frame, [(_cut(it.title, 140), 44, ACCENT, True)])
    lines = [(it.lead, 22, INK, False), (it.subtitle, 16, FAINT, False)]
    if it.introduction:
        lines.insert(1, (_cut(it.introduction, 400), 16, INK, False))
    _box(slide, (0.9, 4.1, 11.5, 2.6), lines)


def _lines(deck: "Presentation", heading: str, texts: list[str]) -> None:
    lines = [(_cut(text, 700), 20, INK, False) for text in texts if text.strip()]
    if lines:
        _box(_slide(deck, heading), (0.7, 1.7, 11.9, 5.2), lines)


def _overview(deck: "Presentation", it: Document, words: dict[str, str]) -> None:
    slide = _slide(deck, words["points"])
    shown = it.items[:10]
    size = 22 if len(shown) <= 7 else 17
    lines = [(f"{item.rank}.  {_cut(item.title, 110)}", size, INK, True) for item in shown]
    _box(slide, (0.7, 1.6, 11.9, 5.0), lines)
    _box(slide, (0.7, 6.75, 11.9, 0.6), [(_cut(it.order, 330), 11, FAINT, False)])


def _item(deck: "Presentation", item: Item, words: dict[str, str]) -> None:
    slide = _slide(deck, f"{item.rank}. {item.title}")
    top = [(part, 18, FAINT, False) for part in (item.facts, item.also) if part]
    if item.comment:
        top.append((_cut(item.comment, 300), 18, INK, False))
    _box(slide, (0.7, 1.6, 11.9, 1.5), top)
    sides = item.quoted[:MOST_QUOTES]
    width = 11.9 / max(1, len(sides))
    for at, side in enumerate(sides):
        lines = [(side.name, 20, ACCENT, True)]
        lines += [(side.people, 13, FAINT, False)] if side.people else []
        for quote in side.quotes[:MOST_QUOTES]:
            if quote.is_withdrawn:
                lines.append((quote.text, 13, FAINT, False))
                continue
            size = 20 if len(side.quotes) == 1 else 14
            lines.append((f"{words['open']}{_cut(quote.text)}{words['close']}", size, INK, False))
            if quote.who:
                lines.append((quote.who, 12, FAINT, False))
        _box(slide, (0.7 + at * width, 3.2, width - 0.3, 3.9), lines)


def _wins(deck: "Presentation", it: Document, words: dict[str, str]) -> None:
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Inches, Pt

    slide = _slide(deck, words["wins"])
    data = XyChartData()
    for at, win in enumerate(it.wins[:8], start=1):
        data.add_series(f"{at}. {_cut(win.title, 40)}").add_data_point(win.days, max(win.people, FEW))
    frame = slide.shapes.add_chart(
        XL_CHART_TYPE.XY_SCATTER, Inches(0.6), Inches(1.6), Inches(6.4), Inches(5.2), data
    )
    chart = frame.chart
    frame.name = words["picture"]
    chart.has_legend, chart.has_title, chart.font.size = True, False, Pt(11)
    chart.legend.include_in_layout = False
    for axis, name in ((chart.category_axis, words["effort"]), (chart.value_axis, words["evidence"])):
        axis.has_title, axis.minimum_scale, axis.has_major_gridlines = True, 0, False
        axis.axis_title.text_frame.text = name
    rows = [(f"{at}. {w.title}", w.days_said, w.people_said) for at, w in enumerate(it.wins[:8], start=1)]
    _table(slide, (7.2, 1.7, 5.5), (words["what"], words["days"], words["people"]), rows, (0.56, 0.18, 0.26))


def _moved(deck: "Presentation", it: Document, words: dict[str, str]) -> None:
    slide = _slide(deck, words["compared"])
    _box(slide, (0.7, 1.5, 11.9, 0.6), [(it.compared, 16, INK, False)])
    rows = [
        (_cut(m.title, 80), m.change_said, str(m.rank_before or "—"), str(m.rank or "—"))
        for m in it.moved[:11]
    ]
    head = (words["point"], words["change"], words["before"], words["now"])
    _table(slide, (0.7, 2.2, 11.9), head, rows, (0.55, 0.25, 0.1, 0.1))


def _table(
    slide: "Slide",
    place: tuple[float, float, float],
    head: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    shares: tuple[float, ...],
) -> None:
    from pptx.util import Inches, Pt

    left, top, width = place
    shape = slide.shapes.add_table(
        len(rows) + 1, len(head), Inches(left), Inches(top), Inches(width), Inches(0.36 * (len(rows) + 1))
    )
    for at, share in enumerate(shares):
        shape.table.columns[at].width = Inches(width * share)
    for row, cells in enumerate((head, *rows)):
        for column, text in enumerate(cells):
            cell = shape.table.cell(row, column)
            cell.text = _cut(text, 110)
            for paragraph in cell.text_frame.paragraphs:
                paragraph.font.size = Pt(12)
