"""Providers of essential services: the water company, the waste collector, the school's tuition office."""
