"""The referral queue: the county's record, the municipality's record, and the figures of both."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the queue's screens, jobs and commands."""
    # Imported here, so that the pure rules can be had without the web and the database.
    from importlib import import_module  # noqa: PLC0415

    import_module("referrals.handover")
    import_module("referrals.kinds.models")
    for name in ("referrals.county.sending", "referrals.municipality.inbox", "referrals.statistics"):
        try:
            import_module(name).init_app(app)
        except (ImportError, AttributeError) as error:  # being built
            print("WIP", name, error)
