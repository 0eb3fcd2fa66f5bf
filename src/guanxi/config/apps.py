from importlib import import_module

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "guanxi.config"
    label = "config"

    def ready(self) -> None:
        import_module("guanxi.config.wiring")
