"""Templates: the content security policy, texts, icons."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from checks import templates

Write = Callable[[str, str], Path]
Words = Callable[..., list[str]]
ICONS = {"home"}


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ('<p style="color:red"></p>', "style= is refused by the content security policy; use a class"),
        ('<a onclick="go()"></a>', "onclick= is refused by the content security policy; listen in a script"),
        ('<a href="javascript:go()"></a>', "javascript: is refused by the content security policy"),
        ("<script>go()</script>", "<script> with code is refused by the content security policy; write a file"),
        ("<style>p{}</style>", "<style> is refused by the content security policy; write it in a style sheet"),
        ("<p>Customers</p>", "'Customers' is not translated"),
        ("<p>客户</p>", "'客户' is not translated"),
        ("<p>{{ n }} customers</p>", "'customers' is not translated"),
        ('<input placeholder="Search">', "placeholder='Search' is not translated"),
        ('<img alt="{{ x }} chart">', "alt='chart' is not translated"),
        ('<meta name="description" content="A CRM">', "content='A CRM' is not translated"),
        ('{% icon "rocket" %}', 'there is no icon "rocket"; add it to frontend/icons.json'),
    ],
)
def test_a_mistake_is_found_on_its_line(source: str, message: str) -> None:
    assert templates.in_template(f"{{# a\ncomment #}}\n{source}\n", ICONS) == [(3, message)]


@pytest.mark.parametrize(
    "source",
    [
        "{% trans 'Customers' %} · {{ n }} / 50 %",
        "{% blocktrans trimmed with n=n %}\n{{ n }} <b>customers</b>\n{% endblocktrans %}",
        "{% comment %}Why this is here{% endcomment %}{# so #}<!-- and so -->",
        '<a title="{% trans "Home" %}" aria-label="{{ label }}">{% icon "home" %}</a>',
        "<code>guanxi refresh</code><kbd>Ctrl K</kbd>",
        '<span translate="no">Guanxi <b>CRM</b><br>x</span>',
        '<script src="{% static "x.js" %}"></script><script type="application/json">{"a": "b"}</script>',
        '<meta name="viewport" content="width=device-width">',
        "{% block body_class %}gx-narrow{% endblock body_class %}",
        "<input type='text' value='x'/>&nbsp;&middot;",
    ],
)
def test_what_is_right_passes(source: str) -> None:
    assert templates.in_template(source, ICONS) == []


def test_text_after_a_silent_element_is_read_again() -> None:
    assert templates.in_template("<p><code>x</code> then</p>", ICONS) == [(1, "'then' is not translated")]


def test_templates_of_the_product_are_walked(write: Write, words: Words, tmp_path: Path) -> None:
    write("frontend/icons.json", '["home"]')
    write("src/guanxi/sales/templates/sales/page.html", "<p>Deals</p>")
    write("src/guanxi/kernel/ui/templates/500.html", "<p>出错了 · Something broke</p>")
    write("src/guanxi/kernel/ui/templates/400.html", "<p>无法识别 · That cannot be read</p>")
    write("docs/page.html", "<p>Deals</p>")
    assert words(templates, tmp_path) == ["src/guanxi/sales/templates/sales/page.html:1: 'Deals' is not translated"]
