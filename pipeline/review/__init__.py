"""What people say of records: an append-only log of corrections, applied on top of the records."""
