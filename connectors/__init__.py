"""Connectors: one folder an outward system, and ``sandbox`` that plays those systems over the wire."""
