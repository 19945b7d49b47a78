"""Target times of the queue, as data with the day from which they hold."""
