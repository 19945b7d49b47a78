"""What machines may ask: whether it lives, whether it serves, and, with the token, what waits."""

import uuid

from pydantic import SecretStr

from servicetray.core.db import transaction
from servicetray.core.jobs import JobRun, RunState
from servicetray.core.outbox import enqueue
from tests.database import settings_for
from tests.factories import events

TOKEN = "watch-" + "x" * 30


def bearer(token: str) -> dict[str, str]:
    """Return the headers of who bears a token."""
    return {"Authorization": f"Bearer {token}"}


def with_token(app, monkeypatch, token: str = TOKEN) -> None:
    """Set the token of the running application."""
    settings = app.extensions["servicetray.settings"].model_copy(update={"metrics_token": SecretStr(token)})
    monkeypatch.setitem(app.extensions, "servicetray.settings", settings)


def values(text: str) -> dict[str, str]:
    """Return the numbers of the answer by name and labels."""
    return dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))


def test_metrics_are_not_there_for_who_bears_no_or_another_token(app, client, monkeypatch):
    assert not settings_for("sqlite://").metrics_token.get_secret_value()
    # No token set: none fits, not even an empty one.
    assert client.get("/metrics", headers=bearer("")).status_code == 404
    with_token(app, monkeypatch)
    refused = [{}, bearer(""), bearer("ä"), bearer(TOKEN[:-1]), {"Authorization": TOKEN}]
    assert [client.get("/metrics", headers=headers).status_code for headers in refused] == [404] * len(
        refused
    )


def test_metrics_tell_the_last_month_what_is_overdue_and_what_waits(app, client, now, monkeypatch):
    with_token(app, monkeypatch)
    before = values(client.get("/metrics", headers=bearer(TOKEN)).text)
    assert before["servicetray_figures_last_month"] == "0"
    assert before['servicetray_job_overdue_periods{job="figures.month"}'] == "0"
    assert before["servicetray_outbox_oldest_waiting_seconds"] == "0"
    events.sent("2026-02-03 10:00")
    with transaction() as session:
        enqueue(address="a@example.org", template="x", language="fi", context={}, about="x", now=now)
        session.add(
            JobRun(
                job="figures.month",
                period="2026-01",
                state=RunState.DONE,
                token=uuid.uuid4(),
                lease_until=now,
                attempts=1,
                claimed_at=now,
                done_at=now,
            )
        )
    answer = client.get("/metrics", headers=bearer(TOKEN))
    found = values(answer.text)
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert answer.headers["Cache-Control"] == "no-store"
    assert found["servicetray_figures_last_month"] == "202601"
    assert found["servicetray_figures_last_month_done_timestamp_seconds"] == str(int(now.timestamp()))
    assert int(found['servicetray_job_due_periods{job="figures.month"}']) >= 1
    assert int(found['servicetray_job_overdue_periods{job="figures.month"}']) >= 1
    assert int(found["servicetray_outbox_oldest_waiting_seconds"]) >= 0
    assert client.get("/health/ready").get_json() == {"status": "ready", "last_month": "2026-01"}
