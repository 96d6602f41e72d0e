"""The postal service: a delivery is registered under our order number, then followed by its state."""
