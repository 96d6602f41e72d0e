"""The one command, ``lienthong``: a table from name to the module that runs it.

A command imports only what it needs, so that ``lienthong feel`` starts as fast as it can.
"""

import importlib
import sys

COMMANDS: dict[str, tuple[str, str]] = {
    "up": ("lienthong.commands.up", "set up and serve everything on this machine until Ctrl-C"),
    "status": ("lienthong.commands.status", "what is running, and whether it is well"),
    "logs": ("lienthong.commands.logs", "the last lines each process wrote"),
    "stop": ("lienthong.commands.stop", "stop what `lienthong up` started"),
    "reset": ("lienthong.commands.reset", "delete all data in var/ (asks first)"),
    "demo": ("lienthong.demonstration.command", "one dossier a bundle, from filing to hand-over, headless"),
    "deploy": ("lienthong.commands.deploy", "show what changed in bpmn/ and deploy it"),
    "check": ("lienthong.commands.check", "check BPMN, DMN and form files as the engine would"),
    "test-models": ("lienthong.scenarios.command", "run scenario files on the virtual clock"),
    "feel": ("lienthong.engine.feel.command", "evaluate a FEEL expression"),
    "dmn": ("lienthong.engine.dmn.command", "evaluate a decision of a DMN file"),
    "engine": ("lienthong.engine.runtime.command", "serve the embedded engine alone"),
    "web": ("lienthong.commands.web", "serve portal, API and staff app"),
    "worker": ("workers.command", "serve the job workers, the outbox relay and the task feed"),
    "sandbox": ("connectors.sandbox.command", "play the outward systems"),
    "s3": ("lienthong.commands.s3", "serve documents by the S3 protocol"),
    "build-staff": ("lienthong.commands.build_staff", "build the staff app when its sources changed"),
    "report": ("lienthong.commands.report", "print a report: linked-time, year, late-list"),
    "succession": ("lienthong.commands.succession", "move open dossiers to the successors of ended authorities"),
    "seed": ("lienthong.commands.seed", "write a made-up year of dossiers into the database"),
    "doctor": ("lienthong.commands.doctor", "check the engine's store, or record an engine's traces"),
    "backup": ("lienthong.commands.backup", "copy the engine's store while it runs"),
    "restore": ("lienthong.commands.restore", "bring a backup back, whole or to a point"),
    "verify-audit": ("lienthong.commands.verify_audit", "verify the chain of the audit"),
}


def _help() -> str:
    lines = [f"  {name:<14} {summary}" for name, (_, summary) in COMMANDS.items()]
    return "usage: lienthong COMMAND [ARGUMENTS]\n\n" + "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Run the command named first; 2 when there is none of that name."""
    given = sys.argv[1:] if arguments is None else arguments
    if not given or given[0] in ("-h", "--help", "help"):
        sys.stdout.write(_help())
        return 0 if given else 2
    if given[0] not in COMMANDS:
        sys.stderr.write(f"Expected a command of this list, but got '{given[0]}'.\n{_help()}")
        return 2
    module = importlib.import_module(COMMANDS[given[0]][0])
    return int(module.run(given[1:]))


if __name__ == "__main__":
    sys.exit(main())
