"""The search page: words, a place, and the services that answer them."""
