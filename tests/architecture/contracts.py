"""A contract for import-linter: a feature's tables are its own."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

PRIVATE = "models"


class FeatureModels(Contract):
    """Only a feature's own modules import its ``models``; others call its queries and operations.

    A feature is the package that holds the ``models`` module (or package); packages inside it belong to it.
    The option ``open_to`` lists modules and packages that may name any model, each with its reason beside it.
    """

    type_name = "feature_models"

    open_to = fields.SetField(subfield=fields.StringField(), required=False, default=frozenset())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Find imports of another feature's models."""
        del verbose
        may_name: set[str] = self.open_to  # type: ignore[assignment]  # the library's fields have no types
        broken: list[str] = []
        for module in sorted(graph.modules):
            parts = module.split(".")
            if PRIVATE not in parts:
                continue
            feature = ".".join(parts[: parts.index(PRIVATE)])
            for importer in sorted(graph.find_modules_that_directly_import(module)):
                if (
                    importer != feature
                    and not importer.startswith(f"{feature}.")
                    and not any(importer == name or importer.startswith(f"{name}.") for name in may_name)
                ):
                    details = graph.get_import_details(importer=importer, imported=module)
                    lines = ", ".join(str(detail["line_number"]) for detail in details)
                    broken.append(f"{importer} (line {lines}) imports {module}")
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print what is to be mended."""
        for line in check.metadata["broken"]:
            output.print_error(f"{line}: call the feature's queries or operations instead", bold=False)
