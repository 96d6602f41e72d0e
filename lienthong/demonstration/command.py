"""``lienthong demo``: the same stack on free ports, headless; one dossier a bundle from filing to hand-over."""

import argparse
import shutil
import socket
import sys
import tempfile
from functools import partial
from pathlib import Path

from lienthong.commands import build_staff
from lienthong.commands.first_start import create_accounts, deploy_models, new_password
from lienthong.commands.preflight import port_taken, ports
from lienthong.demonstration.actors import ActorFailed, Applicant, Officer
from lienthong.demonstration.cast import Cast, staff_names
from lienthong.demonstration.handling import handle
from lienthong.demonstration.papers import papers_for
from lienthong.demonstration.plays import PLAYS, Play
from lienthong.demonstration.report import order_faults, print_dossier
from lienthong.dossiers.database import create_database
from lienthong.dossiers.law import load_law
from lienthong.orchestration.client import OrchestrationClient
from lienthong.settings import Settings
from lienthong.stack import Stack, StackFailed, load_secrets

SECONDS_A_DOSSIER = 240.0


def cast_of(settings: Settings, password: str) -> Cast:
    """The cast on the stack of these settings."""
    engine = OrchestrationClient(settings.engine_grpc, settings.engine_rest, settings.engine_token or None)
    law = load_law(settings.law_dir, settings.bpmn_dir, settings.law_date)
    return Cast(settings.web_url, password, law, create_database(settings.database_url), engine)


def free_port_base() -> int:
    """A port base whose whole scheme is free."""
    for _ in range(50):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            base: int = 10000 + probe.getsockname()[1] % 20000
        if not any(port_taken(port) for port in ports(Settings(port_base=base)).values()):
            return base
    raise StackFailed("Expected a free range of ports, but found none in 50 tries.")


def run(arguments: list[str]) -> int:
    """0 when every bundle came to its end in the order its graph asks for; else the first failure is named."""
    parser = argparse.ArgumentParser(prog="lienthong demo")
    parser.add_argument("--engine", help="host:port of a Zeebe gateway instead of the embedded engine")
    parser.add_argument("--rest", help="its Orchestration Cluster REST address")
    parser.add_argument("--keep", type=Path, help="keep the data in this folder")
    parser.add_argument("bundles", nargs="*", default=list(PLAYS))
    options = parser.parse_args(arguments)
    if bool(options.engine) != bool(options.rest):
        parser.error("ENGINE=host:port and REST=url are needed together")
    if build_staff.run([]) != 0:
        return 1
    folder = options.keep or Path(tempfile.mkdtemp(prefix="lienthong-demo-"))
    load_secrets(folder)
    base = free_port_base()
    places = Settings(var_dir=folder, port_base=base, engine_grpc=options.engine or "", engine_rest=options.rest or "")
    stack = Stack(places, leave_out=("engine",) if options.engine else ())
    try:
        return _play(stack, [PLAYS[bundle] for bundle in options.bundles])
    except (StackFailed, ActorFailed) as failure:
        print(f"✗ {failure}", file=sys.stderr)
        return 1
    finally:
        stack.stop()
        if options.keep is None:
            shutil.rmtree(folder, ignore_errors=True)


def _play(stack: Stack, plays: list[Play]) -> int:
    settings = stack.settings
    password = new_password()
    create_accounts(settings, password)
    print(f"→ Starting the stack on ports from {settings.port_base}", flush=True)
    stack.start()
    stack.wait(say=lambda name: print(f"  {name} is well", flush=True))
    deploy_models(settings, lambda line: print(f"  deployed {line}", flush=True))
    cast = cast_of(settings, password)
    officers = [Officer(cast.web_url, name, password) for name in staff_names()]
    faults = []
    for play in plays:
        print(f"→ {play.bundle_id}", flush=True)
        applicant = Applicant(cast.web_url, play.applicant, password)
        code = applicant.file(
            play.bundle_id, play.answers, papers_for(cast.law, play.bundle_id, play.condition), play.delivery
        )
        print(f"  filed as {code}", flush=True)
        handle(code, applicant, officers, partial(cast.finished, code), SECONDS_A_DOSSIER, _progress)
        steps = print_dossier(cast, code)
        faults += order_faults(cast, code, steps)
    for fault in faults:
        print(f"✗ {fault}", file=sys.stderr)
    return 1 if faults else 0


def _progress(line: str) -> None:
    print(f"    {line}", flush=True)
