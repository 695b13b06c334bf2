"""The store: record files, and the search index derived from them."""
