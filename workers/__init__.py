"""Job workers, one file a job type."""
