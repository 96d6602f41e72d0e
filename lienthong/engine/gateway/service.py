"""The 21 calls of the gateway: map the request, submit, map the reply."""
# ruff: noqa: N802 - the protocol names the calls

from __future__ import annotations

import asyncio
import functools
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeAlias

import grpc
from pyzeebe.proto import gateway_pb2 as messages
from pyzeebe.proto.gateway_pb2_grpc import GatewayServicer

from lienthong.engine.gateway import request_mapper, response_mapper
from lienthong.engine.gateway.error_mapper import CommandRejected, status_of
from lienthong.engine.protocol.records import Command, Intent, Value, ValueType
from lienthong.engine.runtime.engine import Engine
from lienthong.engine.runtime.job_batch import Batch
from lienthong.engine.runtime.jobs import JobDispatcher, JobWish
from lienthong.engine.runtime.results import ResultWaiters

Context: TypeAlias = "grpc.aio.ServicerContext[Any, Any]"
STREAM_BATCH = 32
DEFERRED_SHARE = 1.5  # of the poll's own wait: a client gives up at twice of it
MOST_POLLERS = 1000
POLLING_CLIENT = "grpc-python-asyncio"


def answers(method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """Failures of a call become its status."""

    @functools.wraps(method)
    async def guarded(self: Any, request: Any, context: Context) -> Any:
        try:
            return await method(self, request, context)
        except Exception as error:
            status, text = status_of(error)
        await context.abort(status, text)

    return guarded


class GatewayService(GatewayServicer):
    """Stateless but for the engine behind it."""

    def __init__(self, engine: Engine, dispatcher: JobDispatcher, results: ResultWaiters) -> None:
        self._engine = engine
        self._dispatcher = dispatcher
        self._results = results
        self.address = ("127.0.0.1", 0)
        self._pollers: OrderedDict[tuple[str, str, str], Batch] = OrderedDict()

    async def _do(self, command: Command) -> Value:
        outcome = await self._engine.submit(command)
        if outcome.rejection is not None:
            raise CommandRejected(command, outcome.rejection)
        return outcome.reply or {}

    # jobs

    async def ActivateJobs(self, request: Any, context: Context) -> AsyncIterator[Any]:
        """A long poll. The stream of a full batch ends when its client can take more (see `_delivered`)."""
        started = time.monotonic()
        try:
            wish = request_mapper.job_wish(request)
            seconds = request_mapper.poll_seconds(request.requestTimeout)
            poller = self._poller(wish, context)
            if seconds < 0:
                jobs = await self._dispatcher.activate_now(wish)
            elif poller is not None and await poller.rather_asks_again(wish.most):
                jobs = []
            else:
                bearable = poller.bearable(wish.most) if poller is not None else wish.most
                jobs = await self._dispatcher.activate(replace(wish, most=bearable), seconds)
        except Exception as error:
            status, text = status_of(error)
            await context.abort(status, text)
        until = started + DEFERRED_SHARE * seconds if len(jobs) >= wish.most and seconds > 0 else None
        async for message in self._delivered(wish, await self._messages(jobs), poller, until):
            yield message

    def _poller(self, wish: JobWish, context: Context) -> Batch | None:
        """What a client of asyncio's, as pyzeebe is, holds; None for others: they read to the end before they work."""
        if not _polls_by_the_book(context):
            return None
        place = (context.peer(), wish.type, wish.worker)
        poller = self._pollers.get(place)
        if poller is None:
            poller = self._pollers[place] = Batch()
            if len(self._pollers) > MOST_POLLERS:
                self._pollers.popitem(last=False)
        self._pollers.move_to_end(place)
        poller.asked(wish.most)
        return poller

    async def _messages(self, jobs: list[Value]) -> list[Any]:
        """Jobs as the protocol has them, but for those that no message can carry: they fail with an incident."""
        bearable = []
        for job in jobs:
            message = response_mapper.activated_job(job)
            size = message.ByteSize()
            if size <= response_mapper.LARGEST_JOB:
                bearable.append(message)
                continue
            text = f"Expected a job of at most {response_mapper.LARGEST_JOB} bytes, but its variables make it {size}"
            value = {
                "retries": 0,
                "errorMessage": f"MESSAGE_SIZE_EXCEEDED: {text}",
                "retryBackOffMs": 0,
                "variables": {},
            }
            await self._do(Command(ValueType.JOB, Intent.FAIL, job["key"], value))
        return bearable

    async def _delivered(
        self, wish: JobWish, jobs: list[Any], poller: Batch | None, until: float | None
    ) -> AsyncIterator[Any]:
        """Send the jobs; whatever cannot be sent is available to others at once.

        The end of a stream that fills its client (see `job_batch`) is put off until it surely has room
        for half a batch, or `until`.
        """
        keys = [job.key for job in jobs]
        if poller is not None and keys:
            self._dispatcher.watch(keys, poller)
        sent = 0
        try:
            for message in response_mapper.job_batches(jobs):
                yield message
                sent += len(message.jobs)
            if poller is not None and until is not None:
                left = min(until - time.monotonic(), wish.timeout_ms / 1000)
                with suppress(TimeoutError):
                    await asyncio.wait_for(poller.has_room(), max(left, 0))
                    poller.ended()
        finally:
            if sent < len(keys):
                self._dispatcher.give_back(keys[sent:])

    async def StreamActivatedJobs(self, request: Any, context: Context) -> AsyncIterator[Any]:
        """Jobs as they come, no more than a batch ahead of the worker."""
        try:
            wish = replace(request_mapper.job_wish(request), most=STREAM_BATCH)
        except Exception as error:
            status, text = status_of(error)
            await context.abort(status, text)
        while True:
            try:
                jobs = await self._dispatcher.activate(wish, 0)
            except Exception as error:
                status, text = status_of(error)
                await context.abort(status, text)
            if not jobs:  # the engine stops
                return
            found = await self._messages(jobs)
            batch = self._dispatcher.watch([job.key for job in found])
            sent = 0
            try:
                for job in found:
                    yield job
                    sent += 1
                await batch.at_most(STREAM_BATCH // 2)
            finally:
                self._dispatcher.unwatch(batch)
                self._dispatcher.give_back([job.key for job in found[sent:]])

    @answers
    async def CompleteJob(self, request: Any, context: Context) -> Any:
        """The job is done."""
        await self._do(request_mapper.complete_job(request))
        return messages.CompleteJobResponse()

    @answers
    async def FailJob(self, request: Any, context: Context) -> Any:
        """The job did not work."""
        await self._do(request_mapper.fail_job(request))
        return messages.FailJobResponse()

    @answers
    async def ThrowError(self, request: Any, context: Context) -> Any:
        """A business error."""
        await self._do(request_mapper.throw_error(request))
        return messages.ThrowErrorResponse()

    @answers
    async def UpdateJobRetries(self, request: Any, context: Context) -> Any:
        """Another number of retries."""
        await self._do(request_mapper.update_job_retries(request))
        return messages.UpdateJobRetriesResponse()

    @answers
    async def UpdateJobTimeout(self, request: Any, context: Context) -> Any:
        """Another deadline."""
        await self._do(request_mapper.update_job_timeout(request))
        return messages.UpdateJobTimeoutResponse()

    # process instances

    @answers
    async def CreateProcessInstance(self, request: Any, context: Context) -> Any:
        """Begin a process."""
        return response_mapper.created(await self._do(request_mapper.create_process_instance(request)))

    @answers
    async def CreateProcessInstanceWithResult(self, request: Any, context: Context) -> Any:
        """Begin a process and wait for its end."""
        command = request_mapper.create_process_instance(request.request)
        seconds = request.requestTimeout / 1000 if request.requestTimeout > 0 else request_mapper.RESULT_SECONDS
        result = await self._results.create(command, seconds)
        if result.rejection is not None:
            raise CommandRejected(command, result.rejection)
        return response_mapper.created_with_result(result, list(request.fetchVariables))

    @answers
    async def CancelProcessInstance(self, request: Any, context: Context) -> Any:
        """End a process from outside."""
        await self._do(request_mapper.cancel_process_instance(request))
        return messages.CancelProcessInstanceResponse()

    @answers
    async def ModifyProcessInstance(self, request: Any, context: Context) -> Any:
        """Begin and end elements from outside."""
        await self._do(request_mapper.modify_process_instance(request))
        return messages.ModifyProcessInstanceResponse()

    @answers
    async def MigrateProcessInstance(self, request: Any, context: Context) -> Any:
        """Go on under another version."""
        await self._do(request_mapper.migrate_process_instance(request))
        return messages.MigrateProcessInstanceResponse()

    @answers
    async def SetVariables(self, request: Any, context: Context) -> Any:
        """Variables from outside."""
        reply = await self._do(request_mapper.set_variables(request))
        return messages.SetVariablesResponse(key=reply.get("key", 0))

    @answers
    async def ResolveIncident(self, request: Any, context: Context) -> Any:
        """Try the blocked step again."""
        await self._do(request_mapper.resolve_incident(request))
        return messages.ResolveIncidentResponse()

    # messages, signals, decisions, resources

    @answers
    async def PublishMessage(self, request: Any, context: Context) -> Any:
        """A message for whoever waits, or will wait in its time to live."""
        reply = await self._do(request_mapper.publish_message(request))
        return messages.PublishMessageResponse(key=reply["key"], tenantId=response_mapper.DEFAULT_TENANT)

    @answers
    async def BroadcastSignal(self, request: Any, context: Context) -> Any:
        """A signal for all who wait now."""
        reply = await self._do(request_mapper.broadcast_signal(request))
        return messages.BroadcastSignalResponse(key=reply["key"], tenantId=response_mapper.DEFAULT_TENANT)

    @answers
    async def EvaluateDecision(self, request: Any, context: Context) -> Any:
        """A decision outside any process."""
        return response_mapper.evaluated(await self._do(request_mapper.evaluate_decision(request)))

    @answers
    async def DeployResource(self, request: Any, context: Context) -> Any:
        """Processes, decisions, forms: all or none."""
        return response_mapper.deployed(await self._do(request_mapper.deploy_resource(request)))

    @answers
    async def DeployProcess(self, request: Any, context: Context) -> Any:
        """The older call."""
        return response_mapper.deployed_processes(await self._do(request_mapper.deploy_process(request)))

    @answers
    async def DeleteResource(self, request: Any, context: Context) -> Any:
        """A version that is not wanted any more."""
        await self._do(request_mapper.delete_resource(request))
        return messages.DeleteResourceResponse()

    @answers
    async def Topology(self, request: Any, context: Context) -> Any:
        """What the cluster is made of."""
        host, port = self.address
        return response_mapper.topology(host, port, self._engine.failure is None)


def _polls_by_the_book(context: Context) -> bool:
    """Whether the client is one of asyncio's, as pyzeebe is; others read the stream to its end before they work."""
    metadata = context.invocation_metadata() or ()
    return any(name == "user-agent" and POLLING_CLIENT in str(value) for name, value in metadata)
