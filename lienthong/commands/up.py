"""``lienthong up``: set up, start everything under supervision, show where to look, serve until Ctrl-C."""

import os
import signal
import sys
import threading
import time
from types import FrameType

from rich.console import Console

from lienthong.commands import build_staff
from lienthong.commands.first_start import Progress, create_accounts, deploy_models, new_password
from lienthong.commands.preflight import problems
from lienthong.commands.stop import running_pid
from lienthong.settings import Settings
from lienthong.stack import Stack, StackFailed, load_secrets

console = Console()


def say(line: str) -> None:
    """One line of progress."""
    console.print(f"  [green]✓[/green] {line}", highlight=False)


def run(arguments: list[str]) -> int:
    """0 after Ctrl-C or SIGTERM; 1 when something did not come up."""
    began = time.monotonic()
    settings = Settings()
    if (pid := running_pid(settings.var_dir)) is not None:
        print(
            f"Expected nothing to be running, but process {pid} serves already: say `make stop` first.", file=sys.stderr
        )
        return 1
    if found := problems(settings):
        print("\n".join(found), file=sys.stderr)
        return 1
    if build_staff.run([]) != 0:
        return 1
    load_secrets(settings.var_dir)
    settings = Settings()
    (settings.var_dir / "up.pid").write_text(str(os.getpid()))
    stack = Stack(settings)
    stopping = _stop_on_signal()
    try:
        return _serve(settings, stack, stopping, began, samples="--no-samples" not in arguments)
    except StackFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    finally:
        console.print("→ Stopping")
        stack.stop()
        (settings.var_dir / "up.pid").unlink(missing_ok=True)


def _stop_on_signal() -> threading.Event:
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        if stopping.is_set():
            raise KeyboardInterrupt
        stopping.set()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    return stopping


def _serve(settings: Settings, stack: Stack, stopping: threading.Event, began: float, samples: bool) -> int:
    progress = Progress(settings.var_dir)
    password = None
    if "accounts" not in progress.done():
        password = new_password()
        create_accounts(settings, password)
        progress.mark("accounts")
        say("tables, authorities and demonstration accounts")
    console.print("→ Starting engine, documents, sandbox, web and worker")
    stack.start()
    stack.wait(say=say)
    if "models" not in progress.done():
        console.print("→ Deploying the models of bpmn/")
        deploy_models(settings, say)
        progress.mark("models")
    _show(settings, password, time.monotonic() - began)
    if samples and password is not None and "samples" not in progress.done():
        _samples(settings, password, stopping)
        progress.mark("samples")
    console.print("Serving. Ctrl-C stops everything; the data stay in var/.")
    while not stopping.wait(1.0):
        if not stack.running():
            raise StackFailed("Expected the supervisor to run until Ctrl-C, but it ended. See var/log.")
    return 0


def _samples(settings: Settings, password: str, stopping: threading.Event) -> None:
    from lienthong.demonstration.actors import ActorFailed
    from lienthong.demonstration.command import cast_of
    from lienthong.demonstration.samples import file_samples
    from lienthong.dossiers.errors import DomainError

    print("→ Filing the sample dossiers from scanned pages: a minute or two; look around meanwhile", flush=True)
    try:
        left = file_samples(cast_of(settings, password), say)
    except (ActorFailed, DomainError) as failure:
        console.print(f"[yellow]The sample dossiers are not complete: {failure}[/yellow]")
        return
    for code, state in left.items():
        print(f"  {code}  {state}")


def _show(settings: Settings, password: str | None, seconds: float) -> None:
    web = settings.web_url
    rows = [
        (f"{web}/", "doanhnghiep", "file a bundle, pay, track"),
        (f"{web}/staff/", "tiepnhan", "check dossiers at the one-stop desk"),
        (f"{web}/staff/", "canbo-laodong", "appraise beside the scan"),
        (f"{web}/staff/", "thutruong", "decide and sign"),
        (f"{web}/staff/console", "thietke", "change a diagram, check and save it"),
        (f"{web}/staff/console", "quantri", "deploy it; versions, incidents, retry"),
        (f"{web}/tra-cuu", "(nobody)", "track by code and phone"),
        (f"{settings.engine_rest}/v2/topology", "(nobody)", "the engine's REST v2"),
        (f"http://127.0.0.1:{settings.worker_port}/metrics", "(nobody)", "metrics of the workers"),
    ]
    console.print(
        f"\n[bold]Liên Thông is up ({seconds:.0f} s). Open this first, as this person:[/bold]", highlight=False
    )
    for address, person, purpose in rows:
        print(f"  {address:<40} {person:<14} {purpose}")
    if password is not None:
        print(f"\nPassword of every demonstration account, shown once: {password}\n", flush=True)
    else:
        print("\nThe password of the demonstration accounts was shown at the first start.\n", flush=True)
