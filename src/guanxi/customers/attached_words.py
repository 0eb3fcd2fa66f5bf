"""The words for what hangs on a customer: contact details, papers, tastes, relations, contacts, next steps."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.words import Word

# The order of each dictionary is the order of display.
CONTACT_KINDS: Final = {
    "phone": Word(_("Phone"), "phone", "neutral", ""),
    "email": Word(_("E-mail"), "mail", "neutral", ""),
    "wechat": Word(_("WeChat"), "message", "neutral", ""),
    "other": Word(pgettext_lazy("contact details", "Other"), "link", "neutral", ""),
}
ADDRESS_KINDS: Final = {
    "post": Word(_("Postal address"), "map-pin", "neutral", ""),
    "delivery": Word(_("Delivery address"), "truck", "neutral", ""),
    "invoice": Word(_("Invoice address"), "receipt", "neutral", ""),
    "home": Word(_("Home address"), "home", "neutral", ""),
}
CERTIFICATE_KINDS: Final = {
    "id_card": Word(_("Identity card"), "id", "neutral", ""),
    "passport": Word(_("Passport"), "id", "neutral", ""),
    "credit_code": Word(_("Unified social credit code"), "building", "neutral", ""),
    "other": Word(_("Other certificate"), "id", "neutral", ""),
}
# The parts people play in a purchase (C10).
BUYING_ROLES: Final = {
    "user": Word(pgettext_lazy("buying role", "User"), "user", "neutral", _("Works with what is bought")),
    "influencer": Word(_("Influencer"), "message", "neutral", _("Is asked for advice")),
    "decider": Word(_("Decider"), "star", "neutral", _("Decides what is bought, and where")),
    "approver": Word(_("Approver"), "check", "neutral", _("Must agree")),
    "buyer": Word(pgettext_lazy("buying role", "Buyer"), "shopping-cart", "neutral", _("Negotiates and orders")),
    "gatekeeper": Word(_("Gatekeeper"), "lock", "neutral", _("Decides who gets through")),
}
# What is minded when a customer is served (C12).
PREFERENCE_KINDS: Final = {
    "drink": Word(_("Drinks"), "cup", "neutral", ""),
    "food": Word(_("Food"), "tools-kitchen-2", "neutral", ""),
    "meal": Word(_("Meals"), "tools-kitchen-2", "neutral", ""),
    "breakfast": Word(_("Breakfast"), "sun", "neutral", ""),
    "seat": Word(_("Seat"), "armchair", "neutral", ""),
    "room": Word(_("Room"), "bed", "neutral", ""),
    "music": Word(_("Music"), "music", "neutral", ""),
    "topic": Word(_("Topics"), "message", "neutral", ""),
    "contact_time": Word(_("When to call"), "clock", "neutral", ""),
    "gift": Word(_("Gifts"), "gift", "neutral", ""),
    "product": Word(_("Products"), "shopping-bag", "neutral", ""),
    "other": Word(pgettext_lazy("preference", "Other"), "heart-handshake", "neutral", ""),
}
ATTITUDES: Final = {
    "never": Word(_("Never"), "ban", "danger", _("A taboo")),
    "like": Word(_("Likes"), "thumb-up", "success", ""),
    "dislike": Word(_("Dislikes"), "thumb-down", "warning", ""),
}
# A relation as it reads from this side; what stands behind `_of` is told by the other side of the same row.
RELATIONS: Final = {
    "parent": Word(_("Heads"), "hierarchy", "neutral", ""),
    "parent_of": Word(_("Belongs to"), "hierarchy", "neutral", ""),
    "spouse": Word(_("Married to"), "heart", "neutral", ""),
    "family": Word(_("Family"), "users", "neutral", ""),
    "colleague": Word(_("Colleague"), "users-group", "neutral", ""),
    "partner": Word(_("Partner"), "heart-handshake", "neutral", ""),
    "referrer": Word(_("Recommended us to"), "arrow-narrow-right", "neutral", ""),
    "referrer_of": Word(_("Came by the recommendation of"), "arrow-left", "neutral", ""),
}
INTERACTION_KINDS: Final = {
    "call": Word(pgettext_lazy("interaction", "Call"), "phone", "neutral", ""),
    "visit": Word(pgettext_lazy("interaction", "Visit"), "walk", "neutral", ""),
    "note": Word(pgettext_lazy("interaction", "Note"), "note", "neutral", ""),
    "meeting": Word(pgettext_lazy("interaction", "Meeting"), "users", "neutral", ""),
    "mail": Word(pgettext_lazy("interaction", "Mail"), "mail", "neutral", ""),
}
SATISFACTION: Final = {
    5: Word(_("Delighted"), "mood-happy", "success", ""),
    4: Word(_("Content"), "mood-smile", "success", ""),
    3: Word(_("So-so"), "mood-neutral", "neutral", ""),
    2: Word(_("Unhappy"), "mood-sad", "warning", ""),
    1: Word(_("Angry"), "mood-angry", "danger", ""),
}
# How somebody came to look after a customer.
GOT: Final = {
    "source": _("as the source system has it"),
    "created": _("typed the customer in"),
    "assigned": _("was given the customer"),
    "handed_over": _("took over from somebody who left"),
    "bulk": _("was given many at once"),
}
# How they lost the customer again.
LOST: Final = {
    "reassigned": _("somebody else was given the customer"),
    "handed_over": _("left, and handed the customer over"),
    "released": _("the customer is left without an owner"),
}
TASK_STATES: Final = {
    "open": Word(pgettext_lazy("task", "Open"), "circle", "neutral", ""),
    "done": Word(pgettext_lazy("task", "Done"), "circle-check", "success", ""),
    "dropped": Word(pgettext_lazy("task", "Dropped"), "circle-x", "neutral", ""),
}
