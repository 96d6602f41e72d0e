"""``lienthong status``: which process answers, and what it says of itself."""

import httpx

from lienthong.settings import Settings, settings


def health_addresses(chosen: Settings) -> dict[str, str]:
    """The health address of each process that speaks HTTP."""
    return {
        "engine": f"{chosen.engine_rest}/health",
        "web": f"{chosen.web_url}/health",
        "worker": f"http://127.0.0.1:{chosen.worker_port}/health",
        "sandbox": f"{chosen.sandbox_url}/health",
        "s3": f"http://{chosen.s3_endpoint}/healthz",
    }


def healthy(address: str, timeout_seconds: float = 2.0) -> bool:
    """Whether the address answers with a success."""
    try:
        return httpx.get(address, timeout=timeout_seconds).status_code < 300
    except httpx.HTTPError:
        return False


def run(_arguments: list[str]) -> int:
    """0 when every process is well."""
    states = {name: healthy(address) for name, address in health_addresses(settings()).items()}
    for name, well in states.items():
        print(f"  {name:<10} {'well' if well else 'does not answer'}")
    return 0 if all(states.values()) else 1
