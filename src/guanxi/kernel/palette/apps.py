from django.apps import AppConfig


class PaletteConfig(AppConfig):
    name = "guanxi.kernel.palette"
    label = "palette"
