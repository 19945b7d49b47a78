"""Who may enter: closed unless marked.

Every view carries one marker of this module; a test walks the URL map. What a person may not see
answers the same 404 as what does not exist; only somebody who is not signed in is sent to sign in.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse


class Permission(StrEnum):
    """What a role may do. The closed list; ``accounts.permissions`` says which role holds which."""

    REFERRAL_SEND = "referral_send"
    INBOX_WORK = "inbox_work"
    INBOX_LEAD = "inbox_lead"
    FIGURES_COUNTY = "figures_county"
    FIGURES_MUNICIPALITY = "figures_municipality"
    MEETING_VIEW = "meeting_view"
    CONTENT_EDIT = "content_edit"
    PROVIDER_EDIT = "provider_edit"
    PEOPLE_MANAGE = "people_manage"
    SETUP_MANAGE = "setup_manage"
    AUDIT_READ = "audit_read"
    RIGHTS_MANAGE = "rights_manage"


class Door(StrEnum):
    """How a view is guarded."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    PERMISSION = "permission"


@dataclass(frozen=True)
class Marker:
    """What stands on a view: the kind of door, and any one of these permissions opens it."""

    door: Door
    permissions: frozenset[Permission] = frozenset()


View = TypeVar("View", bound=Callable[..., Any])

MARK = "__servicetray_access__"


def _mark(view: View, marker: Marker) -> View:
    setattr(view, MARK, marker)
    return view


def public(view: View) -> View:
    """Mark a view as open to everyone, without a cookie."""
    return _mark(view, Marker(Door.PUBLIC))


def signed_in(view: View) -> View:
    """Mark a view as open to everyone who has signed in with a second factor."""
    return _mark(view, Marker(Door.SIGNED_IN))


def needs(*permissions: Permission) -> Callable[[View], View]:
    """Mark a view as open to those who hold any one of the permissions."""

    def mark(view: View) -> View:
        return _mark(view, Marker(Door.PERMISSION, frozenset(permissions)))

    return mark


def marker_of(view: Callable[..., Any]) -> Marker | None:
    """Return the marker on a view, or None if it is unmarked (then nobody gets in)."""
    return getattr(view, MARK, None)


def is_public(endpoint: str | None) -> bool:
    """Whether an endpoint is the same for everyone (static files are, unknown addresses are too)."""
    if endpoint is None or endpoint == "static":
        return True
    marker = marker_of(current_app.view_functions[endpoint])
    return marker is not None and marker.door is Door.PUBLIC


def init_app(app: Flask) -> None:
    """Check the marker before every view."""
    app.before_request(_check)


def _check() -> BaseResponse | None:
    if request.endpoint is None or request.endpoint == "static":
        return None
    marker = marker_of(current_app.view_functions[request.endpoint])
    if marker is None:
        abort(404)
    if marker.door is Door.PUBLIC:
        return None
    if not current_user.is_authenticated:
        return _to_sign_in()
    if marker.door is Door.PERMISSION and not any(current_user.may(p) for p in marker.permissions):
        abort(404)
    return None


def _to_sign_in() -> BaseResponse:
    # A GET comes back to where it was going; a POST comes back to the page that holds its form.
    target = request.full_path.rstrip("?") if request.method in {"GET", "HEAD"} else page_before()
    response = redirect(url_for("accounts.sign_in", next=target or None), code=303)
    response.headers["Cache-Control"] = "no-store"
    return response


def page_before() -> str:
    """Return our own page that the browser says it came from, without host and language, or nothing."""
    before = urlsplit(request.referrer or "")
    if before.netloc != request.host or not before.path.startswith(f"{request.script_root}/"):
        return ""
    path = before.path.removeprefix(request.script_root)
    return f"{path}?{before.query}" if before.query else path
