from django.apps import AppConfig
from django.core.signals import request_finished, request_started
from django.db.models.signals import post_migrate


class FieldsConfig(AppConfig):
    name = "guanxi.kernel.fields"
    label = "custom_fields"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.kernel.fields import memory
        from guanxi.kernel.fields.commands import mend_indexes

        request_started.connect(memory.begin, dispatch_uid="custom_fields")
        request_finished.connect(memory.end, dispatch_uid="custom_fields")
        post_migrate.connect(mend_indexes, sender=self, dispatch_uid="custom_fields")
