"""Sources of the style sheet, script and icons, and the build that makes static files of them."""
