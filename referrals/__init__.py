"""The referral queue: the county's record, the municipality's record, and the figures of both."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the queue's screens, jobs and commands."""
    # Imported here, so that the pure rules can be had without the web and the database.
    from referrals import (
        administration,
        breaches,
        call_times,
        client,
        enrolment,
        erasures,
        holds,
        leaving,
        log_report,
        meetings,
        offline,
        practice,
        questions,
        ready_texts,
        reminders,
        retention,
        rights,
        statistics,
        undelivered,
    )
    from referrals.county import returns, sending
    from referrals.handover import running_out
    from referrals.municipality import appointments, copying_out, follow_up, inbox, plan
    from referrals.municipality.commands import catchment_commands
    from servicetray.accounts import kept_forms
    from servicetray.core import identity_codes, logs

    # A form that waits for its user to sign in again holds no identity code either.
    kept_forms.add_cleaner(app, identity_codes.mask)
    # Nor does the log, whatever an error or a library quotes.
    logs.add_mask("identity_codes", identity_codes.mask)

    sending.init_app(app)
    inbox.init_app(app)
    appointments.init_app(app)
    plan.init_app(app)
    follow_up.init_app(app)
    copying_out.init_app(app)
    ready_texts.init_app(app)
    call_times.init_app(app)
    client.init_app(app)
    running_out.init_app(app)
    statistics.init_app(app)
    meetings.init_app(app)
    retention.init_app(app)
    log_report.init_app(app)
    returns.init_app(app)
    breaches.init_app(app)
    holds.init_app(app)
    erasures.init_app(app)
    rights.init_app(app)
    questions.init_app(app)
    reminders.init_app(app)
    undelivered.init_app(app)
    leaving.init_app(app)
    administration.init_app(app)
    practice.init_app(app)
    offline.init_app(app)
    enrolment.init_app(app)
    app.cli.add_command(catchment_commands)
