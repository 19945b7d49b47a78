#!/bin/sh
# One backup of the database, audit log included:   deploy/backup.sh FOLDER
#
# SERVICETRAY_DATABASE_URL says what to save; on PostgreSQL it names servicetray_owner, who may read every
# row. Writes servicetray-<UTC time>.dump (PostgreSQL) or .sqlite3.gz (SQLite) and its SHA-256 beside it.
# The site may go on meanwhile: what is saved is the state of one moment.
#
# Client data are encrypted in the backup as in the database. The master key is not in it: keep the key
# elsewhere. Names of staff, references and states are readable, so keep the folder closed.

set -eu
umask 077

die() {
    printf '%s\n' "$*" >&2
    exit 1
}

[ $# -eq 1 ] || die "usage: $0 FOLDER"
[ -n "${SERVICETRAY_DATABASE_URL:-}" ] || die "SERVICETRAY_DATABASE_URL is not set."
mkdir -p -- "$1"
name=$1/servicetray-$(date -u +%Y%m%dT%H%M%SZ)

case $SERVICETRAY_DATABASE_URL in
postgresql*)
    . "$(dirname -- "$0")/postgresql/connection.sh"
    file=$name.dump
    pg_dump --format=custom --no-owner --no-privileges --file="$file.part" --dbname="$uri"
    # Reading the list of contents finds a file that was cut off.
    pg_restore --list "$file.part" >/dev/null
    ;;
sqlite:////*)
    database=/${SERVICETRAY_DATABASE_URL#sqlite:////}
    [ -f "$database" ] || die "There is no database $database."
    command -v sqlite3 >/dev/null || die "The program sqlite3 is missing (Debian: apt-get install sqlite3)."
    file=$name.sqlite3.gz
    rm -f -- "$name.part"
    sqlite3 "$database" ".timeout 8000" "VACUUM INTO '$name.part'"
    [ "$(sqlite3 "$name.part" 'PRAGMA integrity_check')" = ok ] || die "The copy is not whole: $name.part"
    gzip -c -- "$name.part" >"$file.part"
    rm -f -- "$name.part"
    ;;
*)
    die "Neither postgresql… nor sqlite:////absolute/path: $(printf '%s' "$SERVICETRAY_DATABASE_URL" | cut -d: -f1)"
    ;;
esac

mv -- "$file.part" "$file"
(cd -- "$1" && sha256sum -- "$(basename -- "$file")") >"$file.sha256"
printf '%s\n' "$file"
