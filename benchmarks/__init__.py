"""Measurements: ``./dev bench`` lists them, ``./dev bench NAME`` takes one."""
