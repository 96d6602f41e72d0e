"""Faults on demand: what a system is told to do wrong, and the pure decision what happens to one request."""

import random
import time
from typing import Final

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from connectors.sandbox.store import SandboxStore

SYSTEMS: Final = ("population", "payment", "post", "national-portal", "messaging", "utilities", "identity")
HOLD_MS: Final = 1500


class Fault(BaseModel):
    """One system's misbehavior; an empty one behaves well."""

    model_config = ConfigDict(extra="forbid")

    delay_ms: int = Field(0, ge=0, le=600_000)
    """Every answer and every callback comes this much later."""
    fail_next: int = Field(0, ge=0)
    """So many requests from now are answered 503."""
    fail_rate: float = Field(0.0, ge=0, le=1)
    """This share of the requests is answered 503."""
    repeat: int = Field(0, ge=0, le=20)
    """Each callback comes so many times more."""
    reorder: bool = False
    """Every other callback is held back, so that the next one overtakes it."""
    wrong_signature: int = Field(0, ge=0)
    """So many callbacks from now carry a wrong signature (each is sent rightly afterwards)."""
    down: bool = False
    """Every request is answered 503 until told otherwise."""


def fails(fault: Fault, dice: float) -> bool:
    """Whether a request fails under ``fault``; ``dice`` is in [0, 1)."""
    return fault.down or fault.fail_next > 0 or dice < fault.fail_rate


def hold_ms(fault: Fault, earlier_callbacks: int) -> int:
    """How long a new callback is held back, by how many there were before it."""
    held = HOLD_MS if fault.reorder and earlier_callbacks % 2 == 0 else 0
    return fault.delay_ms + held


class Misbehavior:
    """Applies the stored faults to requests."""

    def __init__(self, store: SandboxStore) -> None:
        self._store = store
        self._dice = random.Random()

    def of(self, system: str) -> Fault:
        return Fault.model_validate(self._store.fault(system))

    def before_answer(self, system: str) -> None:
        """Wait and perhaps fail, as told; called in a thread, at the beginning of every protocol request."""
        with self._store.transaction():
            fault = self.of(system)
            failing = fails(fault, self._dice.random())
            if fault.fail_next > 0:
                self._store.set_fault(system, fault.model_copy(update={"fail_next": fault.fail_next - 1}).model_dump())
        if fault.delay_ms:
            time.sleep(fault.delay_ms / 1000)
        if failing:
            raise HTTPException(503, "told to fail")

    def takes_wrong_signature(self) -> bool:
        """Whether the next callback is to be signed wrongly; counts down."""
        with self._store.transaction():
            fault = self.of("payment")
            if fault.wrong_signature == 0:
                return False
            left = fault.model_copy(update={"wrong_signature": fault.wrong_signature - 1})
            self._store.set_fault("payment", left.model_dump())
            return True


def fault_routes(store: SandboxStore) -> APIRouter:
    """``GET`` and ``PUT /_faults/{system}``, ``DELETE /_faults``."""
    router = APIRouter(prefix="/_faults")

    @router.get("/{system}")
    def read(system: str) -> Fault:
        _known(system)
        return Fault.model_validate(store.fault(system))

    @router.put("/{system}")
    def write(system: str, fault: Fault) -> Fault:
        _known(system)
        store.set_fault(system, fault.model_dump())
        return fault

    @router.delete("", status_code=204)
    def clear() -> None:
        for system in SYSTEMS:
            store.set_fault(system, {})

    return router


def _known(system: str) -> None:
    if system not in SYSTEMS:
        raise HTTPException(404, f"Expected one of {', '.join(SYSTEMS)}, but got '{system}'")
