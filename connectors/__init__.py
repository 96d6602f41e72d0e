"""Connectors, one folder an outward system."""
