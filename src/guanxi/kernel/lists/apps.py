from django.apps import AppConfig


class ListsConfig(AppConfig):
    name = "guanxi.kernel.lists"
    label = "lists"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.kernel.lists import lookups  # noqa: F401  # registers itself
