"""Who may import whom: the contracts stand in pyproject.toml."""

import pytest
from grimp import ImportGraph
from importlinter.cli import lint_imports

from tests.architecture import sources
from tests.architecture.contracts import FeatureModels


def test_the_import_contracts_hold(monkeypatch: pytest.MonkeyPatch, tmp_path, capsys):
    monkeypatch.chdir(sources.ROOT)
    monkeypatch.syspath_prepend(str(sources.ROOT))
    code = lint_imports(cache_dir=str(tmp_path), no_logo=True)
    assert code == 0, capsys.readouterr().out


@pytest.mark.parametrize(
    ("importer", "kept"),
    [
        ("themes.tools.queries", True),
        ("themes.tools.links.queries", True),
        ("servicetray.app", True),
        ("themes.toolshed.queries", False),
        ("referrals.views", False),
    ],
)
def test_only_a_feature_itself_imports_its_models(importer, kept):
    graph = ImportGraph()
    for module in ("themes.tools.models", importer):
        graph.add_module(module)
    graph.add_import(importer=importer, imported="themes.tools.models", line_number=3, line_contents="import")

    check = FeatureModels("models", {}, {"open_to": ["servicetray.app"]}).check(graph, verbose=False)

    assert check.kept is kept
