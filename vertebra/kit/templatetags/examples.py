"""Shows a component and the markup that makes it, side by side."""

from pathlib import Path

from django import template
from django.template import Context
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
FOLDER = Path(__file__).resolve().parent.parent / "templates" / "kit" / "examples"


@register.simple_tag(takes_context=True)
def example(context: Context, name: str) -> SafeString:
    """Render one example of the style guide, then its source."""
    request = context.get("request")
    shown = get_template(f"kit/examples/{name}.html").render({"samples": context["samples"]}, request)
    source = (FOLDER / f"{name}.html").read_text(encoding="utf-8").strip()
    return format_html(
        '<div class="example">{}</div><details class="example-source"><summary>{}</summary>'
        '<pre tabindex="0"><code>{}</code></pre></details>',
        mark_safe(shown),  # noqa: S308 rendered by a template
        context["source_label"],
        source,
    )
