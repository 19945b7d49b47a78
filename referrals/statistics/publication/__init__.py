"""What is published of the figures: masked once, stored, and never changed."""
