"""The read-only HTTP API over the index and the records."""
