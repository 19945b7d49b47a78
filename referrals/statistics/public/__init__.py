"""The public figures: /tilastot, its pages and its files, read from what was published and stored."""
