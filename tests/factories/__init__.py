"""Rows for tests: each factory commits what it makes."""
