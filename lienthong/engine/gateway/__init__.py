"""The gRPC edge: Zeebe's gateway protocol on pyzeebe's stubs."""
