"""The wall of practice: who practises opens no real client, nobody else an invented one, by whatever link."""

import uuid

from flask import Flask, request
from flask_login import current_user

from referrals.county import practice as county
from referrals.municipality import queries as municipality
from servicetray.accounts.sessions import is_practising
from servicetray.core.errors import NotFoundError


def init_app(app: Flask) -> None:
    """Ask before every view."""
    app.before_request(_keep_apart)


def _keep_apart() -> None:
    """Answer as if there were no such thing, where a real client is asked for in practice, or an invented one outside.

    Who has not signed in is told nothing either way: to them the view itself answers.
    """
    found = request.view_args or {}
    asked = {name: value for name, value in found.items() if isinstance(value, uuid.UUID)}
    if not {"referral_id", "case_id"} & set(asked) or not current_user.is_authenticated:
        return
    practising = is_practising()
    if "referral_id" in asked and county.is_practice(asked["referral_id"]) is not practising:
        raise NotFoundError
    if "case_id" in asked and municipality.is_practice(asked["case_id"]) is not practising:
        raise NotFoundError
