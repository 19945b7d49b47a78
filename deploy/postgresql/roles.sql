-- The roles of PostgreSQL and what each may do. May be run again at any time: run it on the new database,
-- after the first migration, after each upgrade and after a restore.
--
--   sudo -u postgres createdb --encoding=UTF8 --template=template0 servicetray
--   sudo -u postgres psql -d servicetray -v ON_ERROR_STOP=1 -f deploy/postgresql/roles.sql
--   sudo -u postgres psql -d servicetray -c '\password servicetray_owner'      (and the other two)
--
-- servicetray_owner      owns the tables: migrations, backups, restores. No service runs as this one.
-- servicetray_app        the site with the queue, and the worker. Can't change what is only added to.
-- servicetray_catalogue  a site with SERVICETRAY_PARTS=catalogue. Reads the tray; sees no client, no account.

\set ON_ERROR_STOP on

SELECT format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', name)
FROM unnest(ARRAY['servicetray_owner', 'servicetray_app', 'servicetray_catalogue']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
\gexec

SELECT format('ALTER DATABASE %I OWNER TO servicetray_owner', current_database())
\gexec
SELECT format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database())
\gexec
SELECT format('GRANT CONNECT ON DATABASE %I TO servicetray_app, servicetray_catalogue', current_database())
\gexec

-- Migrations, backups and restores deal with every row, so row-level security does not hold the owner; the site never
-- connects as this one. The others stand behind it.
ALTER ROLE servicetray_owner BYPASSRLS;
ALTER ROLE servicetray_app NOBYPASSRLS;
ALTER ROLE servicetray_catalogue NOBYPASSRLS;

ALTER SCHEMA public OWNER TO servicetray_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO servicetray_app, servicetray_catalogue;

-- The queue's role: every table of today and of later migrations.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO servicetray_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO servicetray_app;
ALTER DEFAULT PRIVILEGES FOR ROLE servicetray_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO servicetray_app;
ALTER DEFAULT PRIVILEGES FOR ROLE servicetray_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO servicetray_app;

-- But what is only ever added to, and what only a migration writes, or a trigger as the owner.
SELECT format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM servicetray_app', tablename)
FROM pg_tables
WHERE schemaname = 'public' AND tablename IN ('audit_row', 'audit_row_subject', 'audit_seal', 'audit_purge', 'frozen_month', 'frozen_row')
\gexec
SELECT format('REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON %I FROM servicetray_app', tablename)
FROM pg_tables
WHERE schemaname = 'public' AND tablename IN ('alembic_version', 'consent_in_force')
\gexec

-- The catalogue's role reads these and nothing else; a new table is closed to it until it is named here.
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM servicetray_catalogue;
SELECT format('GRANT SELECT ON %I TO servicetray_catalogue', tablename)
FROM pg_tables
WHERE schemaname = 'public' AND tablename IN (
    'municipality', 'theme', 'tool',
    'provider', 'service', 'channel', 'service_channel', 'service_theme', 'service_facet',
    'classification', 'service_classification',
    'search_document', 'search_index',
    'job_run', 'alembic_version'
)
\gexec

-- And it counts how the tray is used, in rows that hold nothing of anybody.
SELECT format('GRANT SELECT, INSERT, UPDATE ON %I TO servicetray_catalogue', tablename)
FROM pg_tables
WHERE schemaname = 'public' AND tablename IN ('usage_day', 'usage_search_text', 'usage_search_hash')
\gexec
