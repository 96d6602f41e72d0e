"""The outward systems beside population and payment: post, messages, providers, the National Portal."""

from dataclasses import dataclass

from connectors.circuit import Circuit, CircuitMetrics
from connectors.messaging.call import MessagingClient
from connectors.national_portal.call import NationalPortalClient
from connectors.post.call import PostClient
from connectors.utilities.call import UtilitiesClient
from lienthong.settings import Settings


@dataclass(frozen=True, slots=True)
class Partners:
    """Their clients, each behind a circuit of its own; safe to share between threads."""

    utilities: UtilitiesClient
    post: PostClient
    messaging: MessagingClient
    national_portal: NationalPortalClient

    def close(self) -> None:
        """Close the connections."""
        for client in (self.utilities, self.post, self.messaging, self.national_portal):
            client.close()


def build_partners(settings: Settings, circuits: CircuitMetrics) -> Partners:
    """All of them at the addresses of ``settings``."""
    return Partners(
        utilities=UtilitiesClient(settings.utilities_url, settings.utilities_secret, Circuit("utilities", circuits)),
        post=PostClient(settings.post_url, settings.post_secret, Circuit("post", circuits)),
        messaging=MessagingClient(settings.messaging_url, settings.messaging_secret, Circuit("messaging", circuits)),
        national_portal=NationalPortalClient(
            settings.national_portal_url, settings.national_portal_secret, Circuit("national_portal", circuits)
        ),
    )
