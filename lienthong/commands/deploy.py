"""``lienthong deploy [--yes]``: show what of ``bpmn/`` differs from the engine's, then deploy it."""

import sys

from lienthong.commands.models import deployments
from lienthong.orchestration.client import OrchestrationClient
from lienthong.redeploy.difference import deployment_difference
from lienthong.settings import settings


def run(arguments: list[str]) -> int:
    """0 when the engine holds what ``bpmn/`` holds."""
    chosen = settings()
    client = OrchestrationClient(chosen.engine_grpc, chosen.engine_rest, chosen.engine_token or None)
    groups = deployments(chosen.bpmn_dir)
    changed = [
        (title, resources, lines) for title, resources in groups if (lines := deployment_difference(client, resources))
    ]
    if not changed:
        print("Nothing to deploy: the engine holds these models already.")
        return 0
    for title, _, lines in changed:
        print(f"{title}\n" + "\n".join(f"  {line}" for line in lines))
    if "--yes" not in arguments and input("Deploy? Type 'yes': ").strip().lower() != "yes":
        print("Nothing was deployed.", file=sys.stderr)
        return 1
    for title, resources, _ in changed:
        client.deploy(resources)
        print(f"  deployed {title}")
    return 0
