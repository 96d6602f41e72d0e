"""Reading of papers: check an upload, recognise its text, tell its kind, and find its key fields with confidence.

Everything here works on bytes and plain values: no database, no engine, no network.
"""
