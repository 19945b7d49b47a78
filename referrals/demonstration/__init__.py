"""Demonstration of the queue: invented people, units, and referrals with the seed's counts."""
