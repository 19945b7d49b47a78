# Read by backup.sh and restore.sh: sets $uri for the programs of PostgreSQL, from SERVICETRAY_DATABASE_URL.
# The password goes by the environment, since everybody on the machine can read a command line.

rest=${SERVICETRAY_DATABASE_URL#*://}
case $rest in
*@*)
    who=${rest%%@*}
    where=${rest#*@}
    case $who in
    *:*)
        PGPASSWORD=${who#*:}
        case $PGPASSWORD in
        *%*) die "Make the password of letters and digits: this script does not decode %XX." ;;
        esac
        export PGPASSWORD
        ;;
    esac
    uri=postgresql://${who%%:*}@$where
    ;;
*)
    uri=postgresql://$rest
    ;;
esac
