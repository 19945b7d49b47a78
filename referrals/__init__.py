"""The referral queue: the county's record, the municipality's record, and the figures of both."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the queue's screens, jobs and commands."""
    # Imported here, so that the pure rules can be had without the web and the database.
    from referrals import retention, statistics  # noqa: PLC0415
    from referrals.county import sending  # noqa: PLC0415
    from referrals.municipality import inbox  # noqa: PLC0415
    from referrals.municipality.commands import catchment_commands  # noqa: PLC0415

    sending.init_app(app)
    inbox.init_app(app)
    statistics.init_app(app)
    retention.init_app(app)
    app.cli.add_command(catchment_commands)
