"""Asking again who is at the keyboard, before what would do most harm: exports of many, keys, rights.

A view under ``required`` opens only within five minutes of a second factor. Put it below the access marker:

    @blueprint.get("/luvut/vienti.csv")
    @access.needs(Permission.FIGURES_COUNTY)
    @fresh.required
    def export() -> Response: ...
"""

import datetime as dt
import functools
from collections.abc import Callable
from typing import ParamSpec

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from servicetray.accounts import kept_forms
from servicetray.accounts.sessions import this_sign_in, who
from servicetray.core import clock
from servicetray.core.access import page_before
from servicetray.core.db import transaction
from servicetray.core.security import UNSAFE

LASTS = dt.timedelta(minutes=5)

P = ParamSpec("P")


def is_fresh() -> bool:
    """Whether the person showed a second factor within the last five minutes."""
    return clock.now() - this_sign_in().proved_at <= LASTS


def required(view: Callable[P, BaseResponse]) -> Callable[P, BaseResponse]:
    """Ask for a second factor again before a view, and lead back to it; a form that was posted is kept."""

    @functools.wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> BaseResponse:
        if is_fresh():
            return view(*args, **kwargs)
        target = kept_forms.path_here()
        if request.method in UNSAFE:
            target = _kept(target) if kept_forms.is_keepable() else page_before()
        return redirect(url_for("accounts.confirm", next=target or None), code=303)

    return guarded


def _kept(path: str) -> str:
    fields = kept_forms.posted()
    with transaction():
        kept_id = kept_forms.keep(who(), path=path, fields=fields, now=clock.now())
    return url_for("kept.resume", kept_id=kept_id).removeprefix(request.script_root)
