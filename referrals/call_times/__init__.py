"""Call times: when advisers can be reached, and who has chosen which time.

The weekly patterns and the times off belong to a counselling unit. What they come to is laid out as rows eight
weeks ahead, so that the database itself decides who gets a seat.
"""

from flask import Flask


def init_app(app: Flask) -> None:
    """Register the page, its place in the navigation, and the nightly laying out."""
    # Imported here: the records of county and municipality call the operations, and need none of the web.
    from referrals.call_times import publishing, views

    views.init_app(app)
    publishing.init_app(app)
