from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "guanxi.kernel.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from guanxi.kernel.access.second_factor import note_second_factor_due
        from guanxi.kernel.access.sessions import note_sign_in
        from guanxi.kernel.access.words import PERMISSION_WORDS
        from guanxi.kernel.errors import PermissionDenied

        user_logged_in.connect(note_sign_in)
        user_logged_in.connect(note_second_factor_due)
        PermissionDenied.words = {permission: word.label for permission, word in PERMISSION_WORDS.items()}
