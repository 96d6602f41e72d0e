"""Plays the outward systems over the wire, with faults on demand and a memory that outlives a kill."""
