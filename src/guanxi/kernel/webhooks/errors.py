"""What can go wrong with webhooks: when they are set up, and when something is sent."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import GuanxiError, NotFound


class EndpointUnknown(NotFound):
    """There is no endpoint of this number."""

    code = "endpoint_unknown"
    sentence = _("There is no webhook {endpoint}.")
    cure = _("Somebody has deleted it; look at the list.")


class DeliveryUnknown(NotFound):
    """There is no delivery of this number."""

    code = "delivery_unknown"
    sentence = _("There is no delivery {delivery}.")
    cure = _("Deliveries are removed some weeks after they ended.")


class EndpointNameMissing(GuanxiError):
    """An endpoint without a name cannot be told from another."""

    code = "endpoint_name_missing"
    sentence = _("The webhook has no name.")
    cure = _("Name the system that is told.")


class EventsMissing(GuanxiError):
    """Nothing was chosen, or something that does not happen here."""

    code = "webhook_events_missing"
    sentence = _("No event is chosen that happens here.")
    cure = _("Choose at least one of the list.")


class AddressWrong(GuanxiError):
    """The address is none that can be told."""

    code = "webhook_address_wrong"
    sentence = _("“{url}” is no address to send to.")
    cure = _("Give a whole address that begins with https://, without user name and password.")


class AddressPrivate(GuanxiError):
    """The address is within the network of this machine, where a webhook could be used to pry."""

    code = "webhook_address_private"
    sentence = _("{host} is an address of this network, not of the internet.")
    cure = _("Give a public address, or let an operator set GUANXI_WEBHOOKS_PRIVATE=1 if the receiver stands in here.")


class ReceiverNotFound(GuanxiError):
    """The name of the receiver has no address."""

    code = "webhook_receiver_not_found"
    sentence = _("There is no receiver called {host}.")
    cure = _("See that the address is spelt right.")


class ReceiverUnreachable(GuanxiError):
    """No answer came."""

    code = "webhook_receiver_unreachable"
    sentence = _("{host} gave no answer: {reason}")
    cure = _("See that the receiver runs and can be reached from here.")


class ReceiverRefused(GuanxiError):
    """The receiver answered, but did not take it."""

    code = "webhook_receiver_refused"
    sentence = _("{host} answered {status}, which is no yes.")
    cure = _("Let the receiver answer 200 to 299; a redirect is not followed.")


class EndpointOff(GuanxiError):
    """The endpoint was switched off before this could be sent."""

    code = "webhook_off"
    sentence = _("The webhook is switched off.")
    cure = _("Switch it on, then send this again.")


class EndpointGivenUp(GuanxiError):
    """The receiver has taken nothing for days."""

    code = "webhook_given_up"
    sentence = _("It was switched off: the receiver has taken nothing for {days} days.")
    cure = _("Mend the receiver, send a test, then switch it on again.")


class DeliveryWaiting(GuanxiError):
    """It will be sent anyhow."""

    code = "delivery_waiting"
    sentence = _("This delivery is waiting to be sent already.")
    cure = _("Wait for its next try.")
