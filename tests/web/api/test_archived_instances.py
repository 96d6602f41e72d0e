"""What has ended long ago is in the engine's archive: the console finds it when asked to, and shows it whole."""

from live_engine import Live, live

__all__ = ["live"]


def keys(live: Live, **wanted: object) -> list[str]:
    found = live.sign_in("quantri").post("/api/console/search", json=wanted).json()
    return [row["key"] for row in found["instances"]]


def test_an_archived_instance_is_found_on_request_and_shown_whole(live: Live) -> None:
    live.client.cancel_process_instance(live.key)
    running = live.instance(dossierCode="H-2", authority="bd-stp", limit="P1D")
    assert live.engine.archive_all() == 1
    assert keys(live) == [running]
    assert sorted(keys(live, archived=True)) == sorted([live.key, running])
    client = live.sign_in("quantri")
    shown = client.get(f"/api/console/instances/{live.key}").json()
    assert {row["elementId"]: row["canceled"] for row in shown["elements"]}["appraise"] == 1
    assert "limit" in str(shown["variables"])
    history = client.get(f"/api/console/instances/{live.key}/life").json()["history"]
    assert {"appraise", "notify"} <= {row["elementId"] for row in history}
