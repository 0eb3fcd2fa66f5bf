from django.apps import AppConfig


class TourConfig(AppConfig):
    name = "guanxi.kernel.tour"
    label = "tour"
