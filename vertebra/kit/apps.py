from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "vertebra.kit"
    label = "kit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from vertebra.kit import checks, choices, dates  # noqa: F401 (checks register themselves)

        dates.say_first_of_month()
        choices.say_one_word()
