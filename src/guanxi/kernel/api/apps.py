from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "guanxi.kernel.api"
    label = "guanxi_api"
    default_auto_field = "django.db.models.BigAutoField"
