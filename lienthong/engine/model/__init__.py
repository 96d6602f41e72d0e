"""Parsed BPMN: XML to executable processes, and the rules that a model must keep to be deployed."""
