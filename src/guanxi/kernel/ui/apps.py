from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "guanxi.kernel.ui"
    label = "ui"
