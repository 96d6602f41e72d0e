"""``lienthong doctor``: whether the engine's store is whole; with ``--engine``, what an engine answers, recorded."""

import argparse
import json
import sys
from pathlib import Path

import grpc
from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from pyzeebe.proto import gateway_pb2 as messages
from pyzeebe.proto.gateway_pb2_grpc import GatewayStub

from lienthong.engine.store.inspection import inspect
from lienthong.settings import settings

PROBE = (
    b'<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    b'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="http://example.com/doctor">'
    b'<bpmn:process id="lienthong-doctor" isExecutable="true"><bpmn:startEvent id="start"/>'
    b'<bpmn:serviceTask id="probe"><bpmn:extensionElements><zeebe:taskDefinition type="lienthong-doctor"/>'
    b'</bpmn:extensionElements></bpmn:serviceTask><bpmn:endEvent id="end"/>'
    b'<bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="probe"/>'
    b'<bpmn:sequenceFlow id="f2" sourceRef="probe" targetRef="end"/></bpmn:process></bpmn:definitions>'
)
SECONDS = 20.0


def run(arguments: list[str]) -> int:
    """0 when everything is well."""
    parser = argparse.ArgumentParser(prog="lienthong doctor", description="Check the engine's store, or an engine.")
    parser.add_argument("--data", type=Path, default=None, metavar="DIR", help="the store (default: var/engine)")
    parser.add_argument("--engine", default=None, metavar="HOST:PORT", help="ask an engine over gRPC instead")
    parser.add_argument("--record", type=Path, default=None, metavar="FILE", help="keep its answers there")
    given = parser.parse_args(arguments)
    if given.engine is not None:
        return _asked(given.engine, given.record)
    well = True
    for finding in inspect(given.data or settings().var_dir / "engine"):
        well = well and finding.well
        print(f"{'well' if finding.well else 'ILL ':<5} {finding.check}: {finding.text}")
    return 0 if well else 1


def _asked(address: str, record: Path | None) -> int:
    try:
        trace = recorded(address)
    except grpc.RpcError as error:
        print(f"lienthong doctor: {address} answers {error.code().name}: {error.details()}", file=sys.stderr)
        return 1
    text = json.dumps(trace, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    if record is None:
        print(text, end="")
    else:
        record.write_text(text, encoding="utf-8")
        print(f"What gateway {trace['version']} answered is in '{record}'.")
    return 0


def recorded(address: str) -> dict[str, object]:
    """The version of an engine, and what it answers along the life of one instance of a small process."""
    calls: list[dict[str, object]] = []

    def keep(name: str, request: Message, reply: Message | None, status: str = "OK") -> None:
        shown = MessageToDict(reply, always_print_fields_with_no_presence=True) if reply is not None else None
        calls.append({"call": name, "request": MessageToDict(request), "status": status, "reply": shown})

    with grpc.insecure_channel(address) as channel:
        stub = GatewayStub(channel)

        def ask(name: str, request: Message) -> Message:
            reply: Message = getattr(stub, name)(request, timeout=SECONDS)
            keep(name, request, reply)
            return reply

        topology = ask("Topology", messages.TopologyRequest())
        resource = messages.Resource(name="lienthong-doctor.bpmn", content=PROBE)
        ask("DeployResource", messages.DeployResourceRequest(resources=[resource]))
        creation = messages.CreateProcessInstanceRequest(
            bpmnProcessId="lienthong-doctor", version=-1, variables='{"n": 1}'
        )
        ask("CreateProcessInstance", creation)
        polling = messages.ActivateJobsRequest(
            type="lienthong-doctor", worker="doctor", timeout=60_000, maxJobsToActivate=1, requestTimeout=10_000
        )
        job_keys = []
        for reply in stub.ActivateJobs(polling, timeout=SECONDS):
            keep("ActivateJobs", polling, reply)
            job_keys += [job.key for job in reply.jobs]
        for key in job_keys:
            completion = messages.CompleteJobRequest(jobKey=key, variables='{"done": true}')
            ask("CompleteJob", completion)
            try:
                ask("CompleteJob", completion)
            except grpc.RpcError as error:
                keep("CompleteJob", completion, None, f"{error.code().name}: {error.details()}")
    version = getattr(topology, "gatewayVersion", "")
    return {"version": version, "calls": calls}
