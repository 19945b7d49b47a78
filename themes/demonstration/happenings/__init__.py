"""Invented events and groups of the demonstration; days are counted from the day of loading."""
