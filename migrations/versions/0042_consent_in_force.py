"""Whether a consent is in force, kept where the wall may ask it without a function (docs/adr/0011-row-level-security.md).

The policy of referrals asked a function for each row that waits, since referrals and consents would ask each other in a
circle. A table of ids alone has no circle: the planner reads it once, or by its key.
"""

from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

IN_FORCE_BEFORE = "wall_consented(id)"
IN_FORCE = "EXISTS (SELECT FROM consent_in_force AS f WHERE f.referral_id = referral.id)"

SEEN = """
    (SELECT wall_purpose()) = 'service'
    OR id = ANY ((SELECT wall_together())::uuid[])
    OR id = (SELECT wall_client())
    OR sender_id = (SELECT wall_sender())
    OR sending_unit_id = ANY ((SELECT wall_shared_units())::uuid[])
    OR (status = 'sent' AND catchment_id = ANY ((SELECT wall_catchments())::uuid[]) AND {in_force})
    OR '' = ANY ((SELECT wall_offices())::text[])
    OR municipality_code = ANY ((SELECT wall_offices())::text[])
    OR (
        status = 'returned'
        AND entered_unit_id = ANY ((SELECT wall_units('inbox_work'))::uuid[])
        AND {in_force}
    )
"""
"""Whose a referral is, as 0038 has it."""

# Ids that tell of nobody, and still only for whoever works in an inbox, since nobody else's policy asks for them.
READERS = """
    (SELECT wall_purpose()) = 'service'
    OR (SELECT wall_catchments()) <> '{}'
    OR (SELECT wall_units('inbox_work')) <> '{}'
"""

TABLES = {"consent_in_force": READERS}
"""What this migration closes, and for whom it opens to be read; only the trigger writes to it."""

# As the owner, since nobody else may write to the table; and by the purpose, since where one role does everything, the
# policies hold that one too. (In a function's SET clause only a superuser may name a setting of ours.)
KEEP = """
    CREATE FUNCTION keep_consent_in_force() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            before text := wall_purpose();
        BEGIN
            PERFORM set_config('servicetray.purpose', 'service', true);
            IF TG_OP <> 'INSERT' THEN
                DELETE FROM consent_in_force AS f
                WHERE f.referral_id = OLD.referral_id
                    AND OLD.replaced_at IS NULL AND OLD.withdrawn_at IS NULL;
            END IF;
            IF TG_OP <> 'DELETE' THEN
                INSERT INTO consent_in_force (referral_id)
                SELECT NEW.referral_id WHERE NEW.replaced_at IS NULL AND NEW.withdrawn_at IS NULL;
            END IF;
            PERFORM set_config('servicetray.purpose', before, true);
            RETURN NULL;
        END
    $$
"""
CONSENTED = """
    CREATE FUNCTION wall_consented(asked uuid, OUT answer boolean) LANGUAGE plpgsql STABLE AS $$
        DECLARE
            before text := wall_purpose();
        BEGIN
            PERFORM set_config('servicetray.purpose', 'service', true);
            answer := EXISTS (
                SELECT FROM consent AS c
                WHERE c.referral_id = asked AND c.replaced_at IS NULL AND c.withdrawn_at IS NULL
            );
            PERFORM set_config('servicetray.purpose', before, true);
        END
    $$
"""
"""What the policy asked before, as 0023 has it."""


def upgrade() -> None:
    """Keep the ids, and let the wall ask them; SQLite has no such wall."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("CREATE TABLE consent_in_force (referral_id uuid PRIMARY KEY)")
    # Where the migrations run as a role that the policies hold, too.
    op.execute("SELECT set_config('servicetray.purpose', 'service', true)")
    op.execute(
        "INSERT INTO consent_in_force (referral_id)"
        " SELECT referral_id FROM consent WHERE replaced_at IS NULL AND withdrawn_at IS NULL"
    )
    op.execute(KEEP)
    op.execute(
        "CREATE TRIGGER keep_consent_in_force"
        " AFTER INSERT OR DELETE OR UPDATE OF referral_id, replaced_at, withdrawn_at ON consent"
        " FOR EACH ROW EXECUTE FUNCTION keep_consent_in_force()"
    )
    op.execute(f"CREATE POLICY wall ON consent_in_force FOR SELECT USING ({READERS})")
    op.execute("CREATE POLICY wall_writes ON consent_in_force USING ((SELECT wall_purpose()) = 'service')")
    op.execute("ALTER TABLE consent_in_force ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE consent_in_force FORCE ROW LEVEL SECURITY")
    op.execute(f"ALTER POLICY wall ON referral USING ({SEEN.format(in_force=IN_FORCE)})")
    op.execute("DROP FUNCTION wall_consented")


def downgrade() -> None:
    """Ask the function again."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(CONSENTED)
    op.execute(f"ALTER POLICY wall ON referral USING ({SEEN.format(in_force=IN_FORCE_BEFORE)})")
    op.execute("DROP TRIGGER keep_consent_in_force ON consent")
    op.execute("DROP FUNCTION keep_consent_in_force")
    op.execute("DROP TABLE consent_in_force")
