"""Feeds: the rows of the store in other people's databases, today's and tomorrow's."""
