"""A model, acts, and the golden trace of what follows: documentation and coverage at once."""
