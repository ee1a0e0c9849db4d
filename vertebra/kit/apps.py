from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "vertebra.kit"
    label = "kit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vertebra.kit import checks, dates  # noqa: F401 (checks register themselves)

        dates.say_first_of_month()
