from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "vertebra.reviews"
    label = "reviews"
    default_auto_field = "django.db.models.BigAutoField"
