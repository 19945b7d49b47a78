"""The referral queue: the county's record, the municipality's record, and the figures of both."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the queue's screens, jobs and commands."""
    del app
