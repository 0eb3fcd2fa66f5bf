from django.apps import AppConfig


class MarketingConfig(AppConfig):
    name = "guanxi.marketing"
    label = "marketing"
    default_auto_field = "django.db.models.BigAutoField"
