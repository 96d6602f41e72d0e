"""Lookup "037" in the national population database: SOAP, one citizen at a time, each query bound to an officer."""
