"""The wall of practice: who practises opens no real client, by whatever link."""

import uuid

from flask import Flask, request

from referrals.county import practice as county
from referrals.municipality import queries as municipality
from servicetray.accounts.sessions import is_practising
from servicetray.core.errors import NotFoundError


def init_app(app: Flask) -> None:
    """Ask before every view."""
    app.before_request(_keep_apart)


def _keep_apart() -> None:
    """Answer as if there were no such thing, where somebody who practises asks for a real client.

    Outside of practice nothing is asked: an invented client that is opened by its link says that it is one.
    """
    found = request.view_args or {}
    asked = {name: value for name, value in found.items() if isinstance(value, uuid.UUID)}
    if not {"referral_id", "case_id"} & set(asked) or not is_practising():
        return
    if "referral_id" in asked and not county.is_practice(asked["referral_id"]):
        raise NotFoundError
    if "case_id" in asked and not municipality.is_practice(asked["case_id"]):
        raise NotFoundError
