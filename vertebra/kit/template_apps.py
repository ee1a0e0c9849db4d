"""The two template libraries, without Django's administration site, which their own configurations load."""

from django.apps import AppConfig


class CottonConfig(AppConfig):
    """Components in templates."""

    name = "django_cotton"

    def ready(self) -> None:
        from django_cotton.nested_tag_support import enable_nested_tag_support

        enable_nested_tag_support()


class PartialsConfig(AppConfig):
    """Named parts of templates."""

    name = "template_partials"
