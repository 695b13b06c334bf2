"""Bulk loading that cannot lose a document: scan, ledger, supervised workers, report."""
