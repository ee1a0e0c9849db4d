"""Templates are read once; what they were read from is not kept."""

from django.template.base import Node
from django.template.loader import get_template


def test_a_template_that_is_kept_holds_none_of_the_words_it_was_read_from() -> None:
    template = get_template("web/home.html").template  # type: ignore[attr-defined]
    nodes = template.nodelist.get_nodes_by_type(Node)
    assert len(nodes) > 20
    assert not [node for node in nodes if node.token is not None]
    assert template.source == ""
