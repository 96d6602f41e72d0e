"""The REST edge: the Orchestration Cluster API v2, health and metrics."""
