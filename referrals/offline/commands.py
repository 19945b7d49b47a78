"""``servicetray blank-forms``: every blank form as a PDF, to be kept where no network is needed."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from referrals.kinds import queries as kinds
from referrals.offline.blank import sheet_of
from referrals.offline.pdf import pdf_of
from servicetray.core import clock


@click.command("blank-forms")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@with_appcontext
def blank_forms(folder: Path) -> None:
    """Write the blank form of every kind as a PDF into FOLDER, and print the paths."""
    now = clock.now()
    folder.mkdir(parents=True, exist_ok=True)
    for kind in kinds.kinds():
        path = folder / f"{file_name(kind.code)}.pdf"
        path.write_bytes(pdf_of(sheet_of(kind, on=clock.helsinki_day(now)), now=now))
        click.echo(path)


def file_name(kind_code: str) -> str:
    """Return what the file of a kind is called, without its ending."""
    return f"lahete-paperilla-{kind_code}"
