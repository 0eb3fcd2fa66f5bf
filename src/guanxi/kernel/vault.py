"""Sealing what must not be read from a stolen database: encryption, and a keyed hash to find equals by.

The key comes from the home's secret (`GUANXI_VAULT_KEY`, else the home's `secret.key`), never from the database: a
copy of the database alone tells nothing.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import GuanxiError


class VaultKeyLost(GuanxiError):
    """What was sealed was sealed with another key."""

    code = "vault_key_lost"
    sentence = _("This value was sealed with another key and cannot be read.")
    cure = _("Put back the secret.key of this home, from its backup, and try again.")


def seal(text: str) -> bytes:
    """Encrypt and authenticate `text` (Fernet: AES-128-CBC and HMAC-SHA256); equal texts give different seals."""
    return Fernet(base64.urlsafe_b64encode(_key("seal"))).encrypt(text.encode())


def unseal(sealed: bytes | memoryview) -> str:
    """The text behind a seal.

    Raises
    ------
    VaultKeyLost
        It was sealed with another key, or changed since.
    """
    try:
        return Fernet(base64.urlsafe_b64encode(_key("seal"))).decrypt(bytes(sealed)).decode()
    except InvalidToken:
        raise VaultKeyLost from None


def digest(text: str) -> str:
    """A keyed hash (HMAC-SHA256, 64 hex digits): equal texts have equal ones, and nobody without the key can try."""
    return hmac.new(_key("digest"), text.encode(), hashlib.sha256).hexdigest()


def _key(purpose: str) -> bytes:
    return _derived(settings.VAULT_KEY, purpose)


@functools.lru_cache(maxsize=8)
def _derived(secret: str, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"guanxi.vault.{purpose}".encode()).derive(
        secret.encode()
    )
