"""A process that loads its own engine and tells every acknowledgement on stdout, until it is killed."""

import asyncio
import os
import sys
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "gateway"))
import edge_models

from lienthong.engine.protocol.records import Command, Intent, ValueType
from lienthong.engine.runtime.engine import Engine
from lienthong.engine.runtime.reader import Reader
from lienthong.engine.store.read_model import ReadModel
from lienthong.engine.store.sqlite_store import SqliteStore

HOUR_MS = 3_600_000


def creation(number: int) -> Command:
    value = {"bpmnProcessId": "one-task", "version": -1, "variables": {"n": number}}
    return Command(ValueType.PROCESS_INSTANCE_CREATION, Intent.CREATE, 0, value)


def tell(line: str) -> None:
    os.write(1, (line + "\n").encode())


async def creator(engine: Engine, numbers: "count[int]") -> None:
    while True:
        number = next(numbers)
        outcome = await engine.submit(creation(number))
        assert outcome.reply is not None
        tell(f"created {number}")


async def worker(engine: Engine) -> None:
    value = {"type": "work", "worker": "w", "timeoutMs": HOUR_MS, "maxJobsToActivate": 4}
    while True:
        outcome = await engine.submit(Command(ValueType.JOB_BATCH, Intent.ACTIVATE, 0, value))
        for job in (outcome.reply or {})["jobs"]:
            done = await engine.submit(Command(ValueType.JOB, Intent.COMPLETE, job["key"], {"variables": {}}))
            tell(f"{'refused' if done.rejection else 'completed'} {job['key']}")
        await asyncio.sleep(0)


async def main(folder: Path, first: int) -> None:
    engine = Engine(SqliteStore(folder), Reader(ReadModel(folder)), snapshot_events=1_500)
    await engine.start()
    if not engine.state.resources:
        resource = {"name": "a.bpmn", "content": edge_models.one_task()}
        await engine.submit(Command(ValueType.DEPLOYMENT, Intent.CREATE, 0, {"resources": [resource]}))
    numbers = count(first)
    await asyncio.gather(*(creator(engine, numbers) for _ in range(6)), worker(engine), worker(engine))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
