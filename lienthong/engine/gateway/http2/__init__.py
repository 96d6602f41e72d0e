"""A small HTTP/2 server for gRPC alone (RFC 9113, RFC 7541), within the engine's event loop."""
