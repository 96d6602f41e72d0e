"""Figures about handling: pure functions over plain records, and one repository that reads the records by SQL."""
