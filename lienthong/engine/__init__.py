"""The process engine: edge over runtime over core over ground; it imports nothing else of ours."""
