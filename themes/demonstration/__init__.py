"""Invented services for demonstrations, marked as such everywhere."""
