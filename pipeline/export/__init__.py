"""Exports: the store as tables for analysts and as the exchange formats of offices and archives."""
