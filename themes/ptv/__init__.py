"""The national Finnish Service Catalogue (Palvelutietovaranto, PTV) as a source of the tray's content.

``v11`` reads the records of the open API into ``model``; ``sources`` fetches them from a folder or over HTTP;
``jobs.import_from`` walks a source and writes what it finds through ``themes.directory.operations``.
"""
