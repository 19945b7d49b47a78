"""The page of one case: who it is about, what has happened, and every move that may be made now.

Other features put their part of the work on it through ``sections``.
"""
