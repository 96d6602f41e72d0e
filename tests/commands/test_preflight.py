"""Before anything starts: a taken port and a folder that cannot be written are named in one clear line each."""

import socket
from pathlib import Path

from lienthong.commands.preflight import ports, problems
from lienthong.settings import Settings


def test_one_variable_moves_all_ports() -> None:
    usual, moved = ports(Settings(port_base=8000)), ports(Settings(port_base=8500))
    assert {name: port - 500 for name, port in moved.items()} == usual


def hold_a_base(holder: socket.socket) -> int:
    """A port of the range that bases may have, taken by ``holder``."""
    for port in range(20_000, 46_000):
        try:
            holder.bind(("127.0.0.1", port))
        except OSError:
            continue
        holder.listen()
        return port
    raise AssertionError("Expected a free port, but found none")


def test_a_taken_port_is_named_with_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as holder:
        base = hold_a_base(holder)
        settings = Settings.model_construct(**{**Settings(var_dir=tmp_path).model_dump(), "port_base": base})
        found = problems(settings)
    named = [line for line in found if f"port {base} for web" in line]
    assert len(named) == 1
    assert "LIENTHONG_PORT_BASE" in named[0]


def test_a_folder_that_is_a_file_is_refused_in_one_line(tmp_path: Path) -> None:
    blocked = tmp_path / "var"
    blocked.write_text("")
    assert problems(Settings(var_dir=blocked)) != []
    assert "LIENTHONG_VAR_DIR" in problems(Settings(var_dir=blocked))[0]
