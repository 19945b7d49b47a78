"""Slowing down guesses, in our own database: shared by every process, no address stored.

Counted by address and account together, by address alone and, with a high limit, by account alone: one
address can't try many accounts, nor many addresses one account. A browser that the person has signed in with
before (``devices``) is counted by itself and by nothing else, so that strangers can't lock them out of it.
"""

import datetime as dt
from ipaddress import ip_address, ip_network

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from servicetray.accounts.models import ThrottleWindow
from servicetray.core import crypto
from servicetray.core.db import db, is_sqlite

WINDOW = dt.timedelta(minutes=5)
KEEP = dt.timedelta(hours=1)
LIMITS = {"address": 200, "account_from_address": 6, "account": 100, "device": 6}
"""Failed tries within two windows, at most. A whole hospital may have one address."""
IPV6, HOME_BITS = 6, 64


def _keys(account: str, address: str, device: str) -> dict[str, str]:
    if device:
        return {"device": crypto.fingerprint("throttle", f"device|{account}|{device}")}
    address = network(address)
    return {
        "address": crypto.fingerprint("throttle", f"address|{address}"),
        "account_from_address": crypto.fingerprint("throttle", f"both|{account}|{address}"),
        "account": crypto.fingerprint("throttle", f"account|{account}"),
    }


def network(address: str) -> str:
    """Return what an address counts as: itself, or its network where one home has the whole of it."""
    # Whoever has one IPv6 address has the other 2^64 of its network, too.
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((known, HOME_BITS), strict=False)) if known.version == IPV6 else str(known)


def is_blocked(*, account: str, address: str, now: dt.datetime, device: str = "") -> bool:
    """Whether this account may not be tried from this address, or on this known device, just now."""
    keys = _keys(account, address, device)
    rows = db.session.execute(
        select(ThrottleWindow.key, func.sum(ThrottleWindow.tries))
        .where(ThrottleWindow.key.in_(keys.values()), ThrottleWindow.window_start > now - 2 * WINDOW)
        .group_by(ThrottleWindow.key)
    ).all()
    tries = {key: int(total) for key, total in rows}
    return any(tries.get(key, 0) >= LIMITS[name] for name, key in keys.items())


def count_failure(*, account: str, address: str, now: dt.datetime, device: str = "") -> None:
    """Count one failed try; old windows are swept away on the way."""
    for key in _keys(account, address, device).values():
        _count(key, now=now)


def take(purpose: str, who: str, *, most: int, now: dt.datetime) -> bool:
    """Count one more use of something, and tell whether it is still within the limit.

    Args:
        purpose: what is used, such as ``card``; each purpose is counted apart.
        who: an account's id, or an address as ``network`` gives it; kept hashed.
        most: uses within two windows (ten minutes) that are allowed.
        now: the time of this use.
    """
    key = crypto.fingerprint("throttle", f"{purpose}|{who}")
    taken = db.session.scalar(
        select(func.coalesce(func.sum(ThrottleWindow.tries), 0)).where(
            ThrottleWindow.key == key, ThrottleWindow.window_start > now - 2 * WINDOW
        )
    )
    if int(taken or 0) >= most:
        return False
    _count(key, now=now)
    return True


def _count(key: str, *, now: dt.datetime) -> None:
    start = now - dt.timedelta(seconds=now.timestamp() % WINDOW.total_seconds())
    start = start.replace(microsecond=0)
    insert = sqlite.insert if is_sqlite(db.session()) else postgresql.insert
    # One statement: of two first uses at once neither may break, nor be lost.
    db.session.execute(
        insert(ThrottleWindow)
        .values(key=key, window_start=start, tries=1)
        .on_conflict_do_update(
            index_elements=["key", "window_start"], set_={"tries": ThrottleWindow.tries + 1}
        )
    )
    db.session.execute(delete(ThrottleWindow).where(ThrottleWindow.window_start < now - KEEP))


def forget(*, account: str, address: str, device: str = "") -> None:
    """Forget this account's failures on this known device, or else from this address, after it has signed in."""
    keys = _keys(account, address, device)
    key = keys["device"] if device else keys["account_from_address"]
    db.session.execute(delete(ThrottleWindow).where(ThrottleWindow.key == key))
