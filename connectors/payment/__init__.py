"""Payment by a gateway with a hosted page: an order out, a signed callback in; the browser's return decides nothing."""
