"""Write docs/moves.md from the table: `python -m referrals.moves`."""

from pathlib import Path

from referrals.moves.drawing import diagram

PAGE = Path(__file__).parents[2] / "docs" / "moves.md"


def main() -> None:
    """Write the page anew."""
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(diagram(), encoding="utf-8")


if __name__ == "__main__":
    main()
