"""congvan: Vietnamese official notices and news in, searchable records out."""

__version__ = "0.1.0"
