"""The figures of those in charge: exact one way at a time, and crossings masked as the public ones are."""
