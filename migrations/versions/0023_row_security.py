"""Row-level security on PostgreSQL: who sees and writes which client's rows (docs/adr/0011-row-level-security.md).

A later table of client data gets these three statements in its own migration, as ``_close`` writes them.
"""

# ruff: noqa: S608 - every part of every statement is a constant of this file

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

SERVICE = "(SELECT wall_purpose()) = 'service'"
ME = "(SELECT wall_user())"
TOGETHER = "ANY ((SELECT wall_together())::uuid[])"
CATCHMENTS = "ANY ((SELECT wall_catchments())::uuid[])"
LED = "ANY ((SELECT wall_led_catchments())::uuid[])"
OFFICES = "ANY ((SELECT wall_offices())::text[])"
CLIENT = "(SELECT wall_client())"
COUNTY_OFFICER = "'' = " + OFFICES

REFERRAL = f"""
    {SERVICE}
    OR id = {TOGETHER}
    OR id = {CLIENT}
    OR sender_id = (SELECT wall_sender())
    OR sending_unit_id = ANY ((SELECT wall_shared_units())::uuid[])
    OR (status = 'sent' AND catchment_id = {CATCHMENTS} AND wall_consented(id))
    OR {COUNTY_OFFICER}
    OR municipality_code = {OFFICES}
"""
CASE = f"""
    {SERVICE}
    OR referral_id = {TOGETHER}
    OR referral_id = {CLIENT}
    OR (
        catchment_id = {CATCHMENTS}
        AND withdrawn_at IS NULL
        AND status <> 'entered_in_error'
        AND (outcome IS NULL OR outcome NOT IN ('returned', 'withdrawn'))
        AND (NOT protected OR handler_id = {ME} OR catchment_id = {LED})
    )
    OR municipality_code = {OFFICES}
"""
OF_REFERRAL = f"{SERVICE} OR EXISTS (SELECT FROM referral AS r WHERE r.id = referral_id)"
OF_CASE = f"{SERVICE} OR EXISTS (SELECT FROM counselling_case AS c WHERE c.id = case_id)"
OF_EITHER = f"""
    {SERVICE}
    OR EXISTS (SELECT FROM referral AS r WHERE r.id = {{table}}.referral_id)
    OR EXISTS (SELECT FROM counselling_case AS c WHERE c.referral_id = {{table}}.referral_id)
"""
OF_CONTROLLER = f"""
    {SERVICE}
    OR CASE WHEN controller = 'county'
        THEN EXISTS (SELECT FROM referral AS r WHERE r.id = {{table}}.referral_id)
        ELSE EXISTS (SELECT FROM counselling_case AS c WHERE c.referral_id = {{table}}.referral_id)
    END
"""
OF_USER = f"{SERVICE} OR user_id = {ME}"
OF_VISIT = f"(SELECT wall_purpose()) = 'client' OR {OF_REFERRAL}"
OFFERED = f"to_catchment_id = {CATCHMENTS} OR {OF_EITHER}"
OF_BREACH = f"{COUNTY_OFFICER} OR municipality_code = {OFFICES} OR {OF_REFERRAL}"

# A seat is counted by everybody who chooses a time, and tells of nobody: a random id has a time.
SEATS = "(SELECT wall_purpose()) <> ''"

TABLES: dict[str, str] = {
    "referral": REFERRAL,
    "consent": OF_REFERRAL,
    "referral_history": OF_REFERRAL,
    "referral_draft": OF_USER,
    "referral_question": OF_EITHER,
    "counselling_case": CASE,
    "case_history": OF_CASE,
    "attempt": OF_CASE,
    "case_note": OF_CASE,
    "appointment": OF_CASE,
    "plan_line": OF_CASE,
    "follow_up": OF_CASE,
    "transfer_offer": OFFERED,
    "call_booking": SEATS,
    "client_code": OF_VISIT,
    "client_visit": OF_VISIT,
    "client_message": OF_CONTROLLER,
    "breach": OF_BREACH,
    "erasure_release": OF_REFERRAL,
    "legal_hold": OF_CONTROLLER,
    "rectification": OF_CONTROLLER,
}
"""Whose rows each table's are; a table of client data is closed by one line here."""

READ = "LANGUAGE sql STABLE PARALLEL SAFE"


def _of_all(question: str) -> str:
    """Return a function's body that answers from all rows, so that the policy of a table may ask another's.

    By hand: in a function's SET clause only a superuser may name a setting of ours.
    """
    return f"""
        LANGUAGE plpgsql STABLE AS $$
            DECLARE
                before text := wall_purpose();
            BEGIN
                PERFORM set_config('servicetray.purpose', 'service', true);
                answer := ({question});
                PERFORM set_config('servicetray.purpose', before, true);
            END
        $$"""


FUNCTIONS = {
    "wall_purpose()": f"""
        RETURNS text {READ} AS $$
            SELECT coalesce(current_setting('servicetray.purpose', true), '')
        $$""",
    "wall_user()": f"""
        RETURNS uuid {READ} AS $$
            SELECT CASE WHEN wall_purpose() = 'person'
                THEN nullif(current_setting('servicetray.user', true), '')::uuid END
        $$""",
    "wall_client()": f"""
        RETURNS uuid {READ} AS $$
            SELECT CASE WHEN wall_purpose() = 'client'
                THEN nullif(current_setting('servicetray.client', true), '')::uuid END
        $$""",
    "wall_together()": f"""
        RETURNS uuid[] {READ} AS $$
            SELECT string_to_array(coalesce(current_setting('servicetray.together', true), ''), ',')::uuid[]
        $$""",
    # The roles that hold a permission stand in servicetray/accounts/permissions.py; a test compares the two.
    "wall_roles(permission text)": f"""
        RETURNS text[] {READ} AS $$
            SELECT CASE permission
                WHEN 'referral_send' THEN ARRAY['professional']
                WHEN 'inbox_work' THEN ARRAY['adviser', 'municipal_lead']
                WHEN 'inbox_lead' THEN ARRAY['municipal_lead']
                WHEN 'audit_read' THEN ARRAY['data_protection_officer']
            END
        $$""",
    "wall_units(permission text)": f"""
        RETURNS uuid[] {READ} AS $$
            SELECT coalesce(array_agg(g.unit_id), '{{}}')
            FROM role_grant AS g JOIN user_account AS u ON u.id = g.user_id
            WHERE u.id = wall_user() AND u.active
                AND g.unit_id IS NOT NULL AND g.role = ANY (wall_roles(permission))
        $$""",
    "wall_sender()": f"""
        RETURNS uuid {READ} AS $$
            SELECT u.id FROM user_account AS u
            WHERE u.id = wall_user() AND u.active AND EXISTS (
                SELECT FROM role_grant AS g
                WHERE g.user_id = u.id AND g.role = ANY (wall_roles('referral_send'))
            )
        $$""",
    "wall_shared_units()": f"""
        RETURNS uuid[] {READ} AS $$
            SELECT coalesce(array_agg(t.id), '{{}}')
            FROM user_account AS u JOIN unit AS t ON t.id = u.unit_id
            WHERE u.id = wall_sender() AND t.shared_list
        $$""",
    "wall_catchments()": f"""
        RETURNS uuid[] {READ} AS $$
            SELECT coalesce(array_agg(c.id), '{{}}') FROM catchment AS c
            WHERE c.unit_id = ANY ((SELECT wall_units('inbox_work'))::uuid[])
                OR c.id IN (
                    SELECT a.catchment_id
                    FROM absence AS a
                    JOIN role_grant AS g ON g.user_id = a.substitute_id
                    JOIN user_account AS u ON u.id = g.user_id
                    WHERE a.substitute_id = wall_user() AND u.active
                        AND g.role = ANY (wall_roles('inbox_work'))
                        AND (now() AT TIME ZONE 'Europe/Helsinki')::date BETWEEN a.first_day AND a.last_day
                )
        $$""",
    "wall_led_catchments()": f"""
        RETURNS uuid[] {READ} AS $$
            SELECT coalesce(array_agg(c.id), '{{}}') FROM catchment AS c
            WHERE c.unit_id = ANY ((SELECT wall_units('inbox_lead'))::uuid[])
        $$""",
    # The municipalities whose data protection officer somebody is; '' stands for the county.
    "wall_offices()": f"""
        RETURNS text[] {READ} AS $$
            SELECT coalesce(array_agg(coalesce(t.municipality_code, '')), '{{}}')
            FROM role_grant AS g
            JOIN user_account AS u ON u.id = g.user_id
            LEFT JOIN unit AS t ON t.id = g.unit_id
            WHERE u.id = wall_user() AND u.active AND g.role = ANY (wall_roles('audit_read'))
        $$""",
    "wall_consented(asked uuid, OUT answer boolean)": _of_all(
        "EXISTS (SELECT FROM consent AS c"
        " WHERE c.referral_id = asked AND c.replaced_at IS NULL AND c.withdrawn_at IS NULL)"
    ),
    "wall_exists(asked uuid, OUT answer boolean)": _of_all(
        "EXISTS (SELECT FROM referral AS r WHERE r.id = asked)"
        " OR EXISTS (SELECT FROM counselling_case AS c WHERE c.referral_id = asked)"
    ),
    "wall_catchment_of(asked uuid, OUT answer uuid)": _of_all(
        "SELECT r.catchment_id FROM referral AS r WHERE r.id = asked"
    ),
    "wall_add_together(added uuid)": """
        RETURNS void LANGUAGE sql VOLATILE AS $$
            SELECT set_config('servicetray.together', concat_ws(
                ',', nullif(current_setting('servicetray.together', true), ''), added::text
            ), true)
        $$""",
    "wall_hold_together(asked uuid)": """
        RETURNS void LANGUAGE plpgsql VOLATILE AS $$
            BEGIN
                IF NOT asked = ANY (wall_together()) AND (
                    EXISTS (SELECT FROM referral AS r WHERE r.id = asked)
                    OR EXISTS (SELECT FROM counselling_case AS c WHERE c.referral_id = asked)
                    OR EXISTS (
                        SELECT FROM transfer_offer AS o
                        WHERE o.referral_id = asked AND o.to_catchment_id = ANY (wall_catchments())
                    )
                    OR wall_catchment_of(asked) = ANY (wall_led_catchments())
                ) THEN
                    PERFORM wall_add_together(asked);
                END IF;
            END
        $$""",
    "wall_begin_record(asked uuid)": """
        RETURNS void LANGUAGE plpgsql VOLATILE AS $$
            BEGIN
                IF NOT wall_exists(asked) THEN
                    PERFORM wall_add_together(asked);
                END IF;
            END
        $$""",
}


def upgrade() -> None:
    """Close every table of client data; SQLite has no such wall."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for head, body in FUNCTIONS.items():
        op.execute(f"CREATE FUNCTION {head} {body}")
    for table, seen in TABLES.items():
        _close(table, seen)


def downgrade() -> None:
    """Open them again."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in reversed(TABLES):
        op.execute(f"DROP POLICY wall ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for head in reversed(FUNCTIONS):
        op.execute(f"DROP FUNCTION {head.partition('(')[0]}")


def _close(table: str, seen: str) -> None:
    # One policy for reading and writing: nobody writes a row that they could not read.
    op.execute(f"CREATE POLICY wall ON {table} USING ({seen.format(table=table)})")
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    # For whoever owns the tables, too: an installation may run the site and the migrations as one role.
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
