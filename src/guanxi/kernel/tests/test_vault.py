"""What is sealed is read with its key only."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from guanxi.kernel.vault import VaultKeyLost, digest, seal, unseal

NUMBER = "11010519491231002X"


def test_a_seal_opens_with_its_key_only(settings: Settings) -> None:
    sealed = seal(NUMBER)
    assert unseal(sealed) == NUMBER
    assert NUMBER.encode() not in sealed
    assert seal(NUMBER) != sealed
    settings.VAULT_KEY = "another key"
    with pytest.raises(VaultKeyLost):
        unseal(sealed)


def test_a_changed_seal_is_refused() -> None:
    sealed = bytearray(seal(NUMBER))
    sealed[20] ^= 1
    with pytest.raises(VaultKeyLost):
        unseal(bytes(sealed))


def test_equal_texts_have_equal_digests_under_one_key(settings: Settings) -> None:
    first = digest(NUMBER)
    assert (digest(NUMBER), len(first)) == (first, 64)
    assert digest("110105194912310021") != first
    settings.VAULT_KEY = "another key"
    assert digest(NUMBER) != first
