"""The table of moves as a page of documentation: both tables and their state diagrams, in Markdown."""

from collections.abc import Iterable, Mapping
from typing import Final

from referrals.moves import needs
from referrals.moves.needs import Need
from referrals.moves.outcomes import NOT_REACHED_ATTEMPTS, NOT_REACHED_DAYS, NOT_REACHED_SPAN
from referrals.moves.rows import CaseEffect, CaseMove, ReferralMove, Retention
from referrals.moves.table import CASE_MOVES, REFERRAL_MOVES
from referrals.moves.targets import PAUSE_LIMIT, TargetDays
from referrals.moves.vocabulary import (
    OPEN_CASE,
    STOCK,
    TERMINAL,
    CaseStatus,
    ClockEffect,
    ConsentEffect,
    EventDirection,
    MoveCode,
    Outcome,
    ReferralStatus,
    SideEffect,
)

_NOTHING: Final = "\N{EN DASH}"
_MANY: Final = 4
"""A move from more statuses than this is not drawn as arrows but named under the diagram."""

_NEEDS: Final[Mapping[Need, str]] = {
    Need.ALL_FIELDS: "every field",
    Need.FORM_KEY: "an unused form key",
    Need.CONSENT_GIVEN: "consent that names the municipality",
    Need.REASON: "a reason",
    Need.MENDED: "what was asked for is mended",
    Need.ACKNOWLEDGED: "acknowledged",
    Need.CLIENT_HEARD: "the client was heard",
    Need.APPOINTMENT: "time and form",
    Need.REVIEW_DATE: f"a review within {needs.REVIEW_DAYS} days",
    Need.COUNSELLING_HELD: "counselling was held",
    Need.ATTEMPT_RECORDED: "the missed or cancelled time as an attempt",
    Need.OUTCOME: "an outcome",
    Need.OPEN_CATCHMENT: "an open catchment",
    Need.CONSENT_IN_FORCE: "consent in force",
    Need.NO_OPEN_CASE: "no open Case",
    Need.CLIENT_NOT_REACHED: "client not reached yet",
    Need.SOMEBODY_HEARS: "a sender, or a unit that entered it from paper",
    Need.SENDER_ANSWERS: "the sender has an account",
    Need.RETURN_EXPIRED: f"{needs.EXPIRY_DAYS} days and {needs.EXPIRY_REMINDERS} reminders",
    Need.WITHDRAWN_LATELY: f"cancelled by R9, at most {needs.MENDING_DAYS} days ago",
    Need.ACCEPTED_JUST_NOW: f"accepted at most {needs.REVERSAL_WORKING_DAYS} working day ago",
    Need.NO_ATTEMPT: "no attempt yet",
    Need.TRANSFER_CONSENT: "consent to transfer",
    Need.TARGET_OPEN: "the target takes referrals",
    Need.NO_OFFER: "no open offer",
    Need.OFFER_OPEN: "an open offer",
    Need.AT_TARGET: "acts for the target",
    Need.OFFER_EXPIRED: f"by the system only after {needs.OFFER_WORKING_DAYS} working days",
    Need.CLOSED_LATELY: f"closed at most {needs.REOPENING_DAYS} days ago",
    Need.REOPENABLE_OUTCOME: "not withdrawn, returned, transferred or deceased",
    Need.OWN_CASE: "the adviser: an own Case",
    Need.OTHER_RECORD_MOVES: "only with",
}

_CONSENT: Final[Mapping[ConsentEffect, str]] = {
    ConsentEffect.NONE: _NOTHING,
    ConsentEffect.CHECKED: "checked",
    ConsentEffect.GIVEN: "given",
    ConsentEffect.WITHDRAWN: "withdrawn",
}

_CLOCK: Final[Mapping[ClockEffect, str]] = {
    ClockEffect.NONE: "",
    ClockEffect.STARTS: "clock starts",
    ClockEffect.CLAIM_MET: "claim target met",
    ClockEffect.GOES_ON: "clock goes on",
    ClockEffect.PAUSES: f"clock pauses, {PAUSE_LIMIT} working days at most",
}

_SIDE_EFFECTS: Final[Mapping[SideEffect, str]] = {
    SideEffect.DRAFT_ERASED: "draft erased",
    SideEffect.STOP_REQUESTED: "stop requested, answered by C7",
    SideEffect.UNSENT_MESSAGES_CANCELLED: "unsent messages cancelled",
    SideEffect.FOLLOW_UPS_END: "follow-ups end",
    SideEffect.FEEDBACK_ENDS: "feedback ends",
    SideEffect.BREACH_IF_MISDIRECTED: "breach record, if wrong person or recipient",
    SideEffect.OFFER_MADE: "transfer offered",
    SideEffect.OFFER_ENDED: "transfer offer ends",
    SideEffect.LEAD_TOLD: "lead told",
}


def diagram() -> str:
    """Give the whole page `docs/moves.md` as Markdown, made of the table alone."""
    return (
        "\n\n".join(
            (
                "# The table of moves",
                "<!-- Written by `python -m referrals.moves` from referrals/moves/table.py. Do not edit. -->",
                _introduction(),
                "## Referral (the county's record)",
                _state_diagram(REFERRAL_MOVES.values()),
                _beside_the_diagram(REFERRAL_MOVES.values()),
                _referral_table(),
                "## Case (the municipality's record)",
                _state_diagram(CASE_MOVES.values()),
                _beside_the_diagram(CASE_MOVES.values()),
                _case_table(),
                "## Outcomes",
                _outcomes(),
                "## Targets",
                _targets(),
            )
        )
        + "\n"
    )


def _introduction() -> str:
    stock = _listed(status for status in ReferralStatus if status in STOCK)
    terminal = _listed(status for status in ReferralStatus if status in TERMINAL)
    open_case = _listed(status for status in CaseStatus if status in OPEN_CASE)
    return (
        f"Stock: a referral in {stock}. In and out are seen from the stock: open at start + in = out + open "
        f"at end. Terminal: {terminal}; only R9c and R11 lead on. A Case is open in {open_case}; a referral "
        "has at most one open Case. Every move writes a history row and its event in one transaction. A "
        "mistake is mended by a move (R10, R11, C8, C9), never by hand."
    )


def _state_diagram(rows: Iterable[ReferralMove | CaseMove]) -> str:
    edges: dict[tuple[str, str], list[MoveCode]] = {}
    for row in rows:
        for source in row.from_ if _is_drawn(row) else ():
            for target in _targets_of(row):
                edges.setdefault((source or "[*]", target), []).append(row.code)
    arrows = (
        f"    {source} --> {target} : {', '.join(codes)}" for (source, target), codes in sorted(edges.items())
    )
    return "\n".join(("```mermaid", "stateDiagram-v2", *arrows, "```"))


def _targets_of(row: ReferralMove | CaseMove) -> tuple[str, ...]:
    targets: list[str | None] = [row.to]
    if isinstance(row, CaseMove):
        targets.append(row.to_if_ever_active)
    return tuple(target for target in targets if target is not None)


def _is_drawn(row: ReferralMove | CaseMove) -> bool:
    return row.to is not None and len(row.from_) <= _MANY


def _beside_the_diagram(rows: Iterable[ReferralMove | CaseMove]) -> str:
    rows = tuple(rows)
    still = [row.code for row in rows if row.to is None]
    many = [f"{row.code} to `{row.to}`" for row in rows if row.to is not None and not _is_drawn(row)]
    return f"Not drawn: {', '.join(many)} (from nearly anywhere); {', '.join(still)} (no change of status)."


def _referral_table() -> str:
    head = ("#", "who", "from", "to", "needs", "Case", "consent", "event", "stock", "retention, clock, more")
    return _table(
        head,
        (
            (
                row.code,
                ", ".join(row.who),
                _statuses(row.from_, new="the form"),
                row.to or "no change",
                _needs(row),
                _case_effect(row),
                _CONSENT[row.consent],
                _referral_events(row),
                _direction(row),
                _joined(
                    (
                        _CLOCK[row.clock],
                        *_retention(row.retention),
                        *(_SIDE_EFFECTS[effect] for effect in row.side_effects),
                    )
                ),
            )
            for row in REFERRAL_MOVES.values()
        ),
    )


def _case_table() -> str:
    return _table(
        ("#", "who", "from", "to", "needs", "event", "brings", "clock"),
        (
            (
                row.code,
                ", ".join(row.who),
                _statuses(row.from_, new="no Case"),
                (row.to or "no change")
                + (f"; {row.to_if_ever_active} if ever active" if row.to_if_ever_active else ""),
                _needs(row),
                _joined(f"`{event}` (once)" for event in row.events),
                row.brings or _NOTHING,
                _CLOCK[row.clock] or _NOTHING,
            )
            for row in CASE_MOVES.values()
        ),
    )


def _outcomes() -> str:
    conditions = {
        Outcome.COMPLETED: f"from `{CaseStatus.ACTIVE}` only",
        Outcome.NOT_REACHED: (
            f"from `{CaseStatus.CONTACTING}` or `{CaseStatus.WAITING}`; at least {NOT_REACHED_ATTEMPTS} "
            f"attempts on {NOT_REACHED_DAYS} days since the client last answered, {NOT_REACHED_SPAN.days} "
            "days since the first of them, every allowed channel tried"
        ),
        Outcome.INTERRUPTED: "counselling had started",
        Outcome.WITHDRAWN: "by the system only, with R9",
        Outcome.RETURNED: "by the system only, with R3",
        Outcome.TRANSFERRED: "by the system only, with R13",
    }
    return _table(
        ("outcome", "allowed"),
        ((outcome, conditions.get(outcome, "from any open Case")) for outcome in Outcome),
    )


def _targets() -> str:
    days = TargetDays()
    return (
        f"Working days from sending (settings): claim within {days.claim}, first attempt within "
        f"{days.contact}, priority soon within {days.soon}. An absence without substitute moves the start to "
        f"its last day. Questions to the sender move the targets by at most {PAUSE_LIMIT} working days."
    )


def _needs(row: ReferralMove | CaseMove) -> str:
    words = (
        f"{_NEEDS[need]} {', '.join(row.with_moves)}" if need is Need.OTHER_RECORD_MOVES else _NEEDS[need]
        for need in row.needs
    )
    return _joined(words)


def _case_effect(row: ReferralMove) -> str:
    parts = [_effect(row.case_effect)]
    if row.new_referral is not None:
        parts.append(
            f"there: a new referral `{row.new_referral.status}`, {_effect(row.new_referral.case_effect)}"
        )
    return _joined(parts)


def _effect(effect: CaseEffect | None) -> str:
    if effect is None:
        return ""
    return f"{effect.move} `{effect.outcome}`" if effect.outcome else f"{effect.move}"


def _referral_events(row: ReferralMove) -> str:
    there = (f"there: `{row.new_referral.event}`",) if row.new_referral else ()
    return _joined((f"`{row.event}`" if row.event else "", *there))


def _direction(row: ReferralMove) -> str:
    if row.direction is EventDirection.NONE:
        return _NOTHING
    always = STOCK.issuperset(row.from_) or row.direction is EventDirection.IN
    there = (f"there: {row.new_referral.direction}",) if row.new_referral else ()
    return _joined((row.direction if always else f"{row.direction} if in stock", *there))


def _retention(retention: Retention) -> tuple[str, ...]:
    return (
        f"hidden from {' and '.join(retention.hidden_from)}" if retention.hidden_from else "",
        f"content erased in {retention.content_days} d" if retention.content_days else "",
        f"copy erased in {retention.copy_days} d" if retention.copy_days else "",
        "content erased when both data protection officers release it" if retention.awaits_release else "",
        "term runs from the last follow-up" if retention.term_starts else "",
        "erasure stopped" if retention.stops else "",
    )


def _statuses(statuses: Iterable[str | None], *, new: str) -> str:
    return ", ".join(status or new for status in statuses)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _joined(words: Iterable[str]) -> str:
    return "; ".join(filter(None, words)) or _NOTHING


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = (head, ("-",) * len(head), *rows)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
