"""Time-travel tests of the models: scenario files run on the pure core and a virtual clock."""
