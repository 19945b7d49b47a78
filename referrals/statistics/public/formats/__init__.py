"""Files of the figures: each format writes the same tables, so that all of them hide the same."""
