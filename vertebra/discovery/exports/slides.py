"""An audit as slides, which whoever presents it may change: one for each pain point, the picture as a real chart."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vertebra.discovery.exports.headings import headings
from vertebra.discovery.exports.words import Document, Item
from vertebra.kit.decks import (
    ACCENT,
    FAINT,
    INK,
    box,
    cut,
    first_slide,
    lines_slide,
    new_deck,
    new_slide,
    saved,
)

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide

MOST_QUOTES = 3
# Where “fewer than five” stands in the chart.
FEW = 2.5


def as_slides(document: Document) -> bytes:
    """The document as a PPTX file."""
    deck = new_deck(document.title, document.language)
    words = headings()
    _title(deck, document)
    lines_slide(deck, words["method"], [document.method, document.coverage, document.reading])
    _overview(deck, document, words)
    for item in document.items:
        _item(deck, item, words)
    if document.wins:
        _wins(deck, document, words)
    lines_slide(deck, words["not_heard"], document.not_heard.splitlines())
    if document.moved:
        _moved(deck, document, words)
    return saved(deck)


def _title(deck: "Presentation", it: Document) -> None:
    lines = [(it.lead, 22, INK, False), (it.subtitle, 16, FAINT, False)]
    if it.introduction:
        lines.insert(1, (cut(it.introduction, 400), 16, INK, False))
    first_slide(deck, it.title, lines)


def _overview(deck: "Presentation", it: Document, words: dict[str, str]) -> None:
    slide = new_slide(deck, words["points"])
    shown = it.items[:10]
    size = 22 if len(shown) <= 7 else 17
    lines = [(f"{item.rank}.  {cut(item.title, 110)}", size, INK, True) for item in shown]
    box(slide, (0.7, 1.6, 11.9, 5.0), lines)
    box(slide, (0.7, 6.75, 11.9, 0.6), [(cut(it.order, 330), 11, FAINT, False)])


def _item(deck: "Presentation", item: Item, words: dict[str, str]) -> None:
    slide = new_slide(deck, f"{item.rank}. {item.title}")
    top = [(part, 18, FAINT, False) for part in (item.facts, item.also) if part]
    if item.comment:
        top.append((cut(item.comment, 300), 18, INK, False))
    box(slide, (0.7, 1.6, 11.9, 1.5), top)
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
            lines.append((f"{words['open']}{cut(quote.text)}{words['close']}", size, INK, False))
            if quote.who:
                lines.append((quote.who, 12, FAINT, False))
        box(slide, (0.7 + at * width, 3.2, width - 0.3, 3.9), lines)


def _wins(deck: "Presentation", it: Document, words: dict[str, str]) -> None:
    from pptx.chart.data import XyChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Inches, Pt

    slide = new_slide(deck, words["wins"])
    data = XyChartData()
    for at, win in enumerate(it.wins[:8], start=1):
        data.add_series(f"{at}. {cut(win.title, 40)}").add_data_point(win.days, max(win.people, FEW))
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
    slide = new_slide(deck, words["compared"])
    box(slide, (0.7, 1.5, 11.9, 0.6), [(it.compared, 16, INK, False)])
    rows = [
        (cut(m.title, 80), m.change_said, str(m.rank_before or "—"), str(m.rank or "—"))
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
            cell.text = cut(text, 110)
            for paragraph in cell.text_frame.paragraphs:
                paragraph.font.size = Pt(12)
