"""Before a deployment: is the model sound, and in what does it differ from what runs? Uses the pure core only."""
