"""``lienthong check FILE…``: what the engine would refuse, before it is asked, and what our own rules have to say."""

from pathlib import Path

from lienthong.commands.models import SUFFIXES
from lienthong.redeploy.advice.check import advise, read_templates, template_job_types
from lienthong.redeploy.check import check_model, warn_of_model


def run(arguments: list[str]) -> int:
    """0 when no file has a problem; folders are searched for model files."""
    if not arguments:
        print("Expected files or folders to check, but got none: lienthong check bpmn/")
        return 2
    named = [Path(argument) for argument in arguments]
    files = [file for path in named for file in (sorted(path.rglob("*")) if path.is_dir() else [path])]
    files = [file for file in files if file.suffix in SUFFIXES]
    count = warnings = 0
    contents = {str(file): file.read_bytes() for file in files}
    job_types = _job_types(named)
    for file in files:
        for problem in check_model(file.name, file.read_bytes()):
            count += 1
            print(f"{file}: {problem.element_id}: {problem.message} [{problem.rule}]")
        for warning in warn_of_model(file.name, contents[str(file)]):
            warnings += 1
            print(f"{file}: {warning.element_id}: {warning.message} [{warning.rule}, warning]")
        for finding in advise(str(file), contents[str(file)], contents, job_types):
            is_error = finding.severity.value == "error"
            count, warnings = count + is_error, warnings + (not is_error)
            print(f"{file}: {finding.element_id}: {finding.text['en']} [{finding.rule}, {finding.severity.value}]")
    print(f"{len(files)} files, {count} problems, {warnings} warnings")
    return 1 if count else 0


def _job_types(named: list[Path]) -> frozenset[str]:
    """The job types of the element templates beside the models; without any, every type is taken as known."""
    folders = {folder for path in named for folder in (path, *path.resolve().parents)}
    files = sorted(file for folder in folders for file in (folder / "element-templates").glob("*.json"))
    return template_job_types(read_templates(file.read_bytes() for file in files))
