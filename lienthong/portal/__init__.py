"""The citizen's portal: server-rendered pages that work without JavaScript."""
