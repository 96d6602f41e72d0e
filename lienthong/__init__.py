"""Liên Thông: linked administrative procedures of a Vietnamese province on BPMN."""
