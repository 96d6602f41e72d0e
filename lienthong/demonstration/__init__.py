"""The demonstration: synthetic people file and handle dossiers through the same pages and API as real ones."""
