"""Templates are read once; what they were read from is not kept."""

from django.template import Engine
from django.template.base import Node


def test_a_template_that_is_kept_holds_none_of_the_words_it_was_read_from() -> None:
    template = Engine.get_default().get_template("web/home.html")
    nodes = template.nodelist.get_nodes_by_type(Node)
    assert len(nodes) > 20
    assert not [node for node in nodes if node.token is not None]
    assert template.source == ""
