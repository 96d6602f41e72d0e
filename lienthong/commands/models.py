"""The model files of ``bpmn/`` as deployments: what bundles call comes first, then one a bundle."""

from pathlib import Path

SUFFIXES = (".bpmn", ".dmn", ".form")


def resources_of(folder: Path, base: Path) -> list[tuple[str, bytes]]:
    """Every model file under ``folder``, named by its path below ``base``, in a fixed order."""
    files = [file for file in sorted(folder.rglob("*")) if file.suffix in SUFFIXES]
    return [(file.relative_to(base).as_posix(), file.read_bytes()) for file in files]


def deployments(bpmn_dir: Path) -> list[tuple[str, list[tuple[str, bytes]]]]:
    """The deployments in order: (title, resources). Called processes come before their callers."""
    folders = [bpmn_dir / "steps", bpmn_dir / "procedures", bpmn_dir / "essential", bpmn_dir / "late-list"]
    folders += sorted(file.parent for file in bpmn_dir.glob("*/*/bundle.bpmn"))
    found = [(folder.relative_to(bpmn_dir).as_posix(), resources_of(folder, bpmn_dir)) for folder in folders]
    return [(title, resources) for title, resources in found if resources]
