from __future__ import annotations

import pytest

from guanxi.kernel.access.devices import device_words, is_mobile
from guanxi.kernel.access.models import Visibility
from guanxi.kernel.access.roles import PERMISSIONS, ROLES
from guanxi.kernel.access.words import PERMISSION_WORDS, REACHES, ROLE_TITLES, role_title


def test_every_permission_role_and_reach_has_words() -> None:
    assert set(PERMISSION_WORDS) == PERMISSIONS
    assert set(ROLE_TITLES) == set(ROLES)
    assert set(REACHES) == set(Visibility.values)
    assert role_title("茶艺师") == "茶艺师"


@pytest.mark.parametrize(
    ("agent", "told", "mobile"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux", False),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0",
         "Edge on Windows", False),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1",
         "Safari on iPhone", True),
        ("Mozilla/5.0 (Linux; Android 14; HUAWEI) AppleWebKit/537.36 Chrome/99.0 Mobile MicroMessenger/8.0.40",
         "WeChat on Android", True),
        ("Mozilla/5.0 (Phone; OpenHarmony 5.0) HuaweiBrowser/5.1", "Huawei Browser on HarmonyOS", True),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15",
         "Safari on Mac", False),
        ("curl/8.0", "another device", False),
        ("", "another device", False),
    ],
)  # fmt: skip
def test_a_device_in_words(agent: str, told: str, mobile: bool) -> None:
    assert (device_words(agent), is_mobile(agent)) == (told, mobile)
