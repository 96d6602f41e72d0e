"""Job workers: one file a job type, and the runner that serves them."""
