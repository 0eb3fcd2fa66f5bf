"""A device in words, from what its browser says of itself."""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import gettext

# The first that is found counts: many browsers name those they are made of as well.
BROWSERS: Final = (
    (r"MicroMessenger/", "WeChat"), (r"DingTalk/", "DingTalk"), (r"Lark/|Feishu/", "Feishu"),
    (r"Edg(?:e|A|iOS)?/", "Edge"), (r"QQBrowser/", "QQ Browser"), (r"UCBrowser/", "UC Browser"),
    (r"HuaweiBrowser/", "Huawei Browser"),
    (r"MiuiBrowser/", "Mi Browser"), (r"OPR/|Opera", "Opera"), (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chrome/|CriOS/", "Chrome"), (r"Safari/", "Safari"),
)  # fmt: skip
SYSTEMS: Final = (
    (r"HarmonyOS|OpenHarmony", "HarmonyOS"), (r"iPhone", "iPhone"), (r"iPad", "iPad"), (r"Android", "Android"),
    (r"Windows", "Windows"), (r"Mac OS X|Macintosh", "Mac"), (r"CrOS", "ChromeOS"), (r"Linux|X11", "Linux"),
)  # fmt: skip
MOBILE: Final = re.compile(r"Mobile|Android|iPhone|iPad|HarmonyOS|OpenHarmony")


def device_words(agent: str) -> str:
    """Browser and system, in the reader's language; "another device" for what says neither.

    >>> device_words("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    'Firefox on Linux'
    """
    browser, system = _first(BROWSERS, agent), _first(SYSTEMS, agent)
    if browser and system:
        return gettext("{browser} on {system}").format(browser=browser, system=system)
    return browser or system or gettext("another device")


def is_mobile(agent: str) -> bool:
    """Whether it is a phone or tablet."""
    return MOBILE.search(agent) is not None


def _first(known: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for pattern, name in known if re.search(pattern, agent)), "")
