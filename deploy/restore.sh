#!/bin/sh
# A backup into an empty place:   deploy/restore.sh FILE
#
# SERVICETRAY_DATABASE_URL says where to. On PostgreSQL: an empty database, as servicetray_owner; run
# deploy/postgresql/roles.sql again afterwards, since rights are not in the backup. On SQLite: a file that is
# not there yet. Stop the site and the worker first. Then: servicetray doctor and servicetray audit verify.
# What was erased or withdrawn since the backup is done again at the end, by SERVICETRAY_ERASURE_LOG; where the
# servicetray command is missing here, the last line says what is still to be run.

set -eu
umask 077

die() {
    printf '%s\n' "$*" >&2
    exit 1
}

[ $# -eq 1 ] || die "usage: $0 FILE"
[ -n "${SERVICETRAY_DATABASE_URL:-}" ] || die "SERVICETRAY_DATABASE_URL is not set."
[ -f "$1" ] || die "There is no file $1."
if [ -f "$1.sha256" ]; then
    (cd -- "$(dirname -- "$1")" && sha256sum --check --quiet -- "$(basename -- "$1").sha256") \
        || die "The file is not as it was saved."
fi

case $SERVICETRAY_DATABASE_URL in
postgresql*)
    . "$(dirname -- "$0")/postgresql/connection.sh"
    tables=$(psql --no-psqlrc --tuples-only --no-align --dbname="$uri" \
        --command="SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
    [ "$tables" = 0 ] || die "The database has $tables tables already: restore into an empty one."
    pg_restore --dbname="$uri" --no-owner --no-privileges --single-transaction --exit-on-error "$1"
    ;;
sqlite:////*)
    database=/${SERVICETRAY_DATABASE_URL#sqlite:////}
    [ ! -e "$database" ] || die "$database is there already: move it away first."
    gzip -dc -- "$1" >"$database.part"
    [ "$(sqlite3 "$database.part" 'PRAGMA integrity_check')" = ok ] || die "The backup is damaged."
    mv -- "$database.part" "$database"
    ;;
*)
    die "Neither postgresql… nor sqlite:////absolute/path."
    ;;
esac
echo "Restored."
if [ -n "${SERVICETRAY_ERASURE_LOG:-}" ] && [ -n "${SERVICETRAY_MASTER_KEY:-}" ] && command -v servicetray >/dev/null; then
    servicetray db upgrade
    servicetray retention reapply
else
    echo "Before anybody signs in, run: servicetray db upgrade && servicetray retention reapply"
fi
