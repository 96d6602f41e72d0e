"""The model files of ``bpmn/`` as deployments: steps and procedures first, then one a bundle."""

from pathlib import Path

SUFFIXES = (".bpmn", ".dmn", ".form")


def resources_of(folder: Path) -> list[tuple[str, bytes]]:
    """Every model file under ``folder``, named by its path below ``bpmn/``, in a fixed order."""
    root = folder if folder.name == "bpmn" else folder
    while root.name != "bpmn" and root.parent != root:
        root = root.parent
    base = root if root.name == "bpmn" else folder
    files = [file for file in sorted(folder.rglob("*")) if file.suffix in SUFFIXES]
    return [(file.relative_to(base).as_posix(), file.read_bytes()) for file in files]


def deployments(bpmn_dir: Path) -> list[tuple[str, list[tuple[str, bytes]]]]:
    """The deployments in order: (title, resources). Called processes come before their callers."""
    groups = [("steps", bpmn_dir / "steps"), ("procedures", bpmn_dir / "procedures")]
    bundles = sorted(file.parent for file in bpmn_dir.glob("*/*/bundle.bpmn"))
    groups += [(folder.relative_to(bpmn_dir).as_posix(), folder) for folder in bundles]
    found = [(title, resources_of(folder)) for title, folder in groups if folder.is_dir()]
    return [(title, resources) for title, resources in found if resources]
