"""The desk: web pages to find, check and correct, served beside the read-only API."""
