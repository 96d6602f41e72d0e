"""JSON for the staff app: session, tasklist, papers, console. Reaches engines only through the orchestration client."""
