"""Templates as they are kept once they are read: without what only a developer's page of errors would show."""

from django.template import Origin, Template
from django.template.base import Node
from django.template.loaders import cached


class Loader(cached.Loader):
    """Reads a template once; of each of its nodes the words it was read from are let go, some megabytes in all."""

    def get_template(self, template_name: str, skip: list[Origin] | None = None) -> Template:
        """The template of that name, which is not one of those to skip."""
        is_new = self.cache_key(template_name, skip) not in self.get_template_cache
        template = super().get_template(template_name, skip)
        if is_new and not self.engine.debug:
            template.source = ""
            for node in template.nodelist.get_nodes_by_type(Node):
                vars(node).pop("token", None)
        return template
