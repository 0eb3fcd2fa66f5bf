"""What a user chooses for himself."""

from __future__ import annotations

from guanxi.kernel.access.models import User
from guanxi.kernel.commands import Work, command


@command("settings.manage")
def remember_language(work: Work, *, user_id: int, language: str) -> None:
    """Keep the language a user chose, so that the next log-in starts in it.

    Run by the system in the user's name: everybody may choose a language, nobody needs a permission for it.
    """
    user = User.objects.select_for_update().get(pk=user_id)
    if user.language == language:
        work.nothing_changed()
        return
    work.record(user, {"language": [user.language, language]})
    user.language = language
    user.save(update_fields=["language"])
