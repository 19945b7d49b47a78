"""What gunicorn serves. The master loads the Finnish words and our paths once, and its workers share the memory."""

import gc

from servicetray.core.settings import Parts, current_settings
from servicetray.demonstration import served_app
from themes.guided_paths import queries as paths
from themes.search import finnish, words

app = served_app()

with app.app_context():
    if current_settings().parts is not Parts.QUEUE:
        finnish.load()
        words.standard()
        paths.load()
# What stands now is never collected, so that counting references does not copy its pages into each worker.
gc.freeze()
