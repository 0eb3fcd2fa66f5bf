from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "guanxi.kernel.design"
    label = "design"
