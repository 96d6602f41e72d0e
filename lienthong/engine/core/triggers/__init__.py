"""What sets events off, one file a trigger. Catching triggers `prepare` a wait; throwing ones `throw`."""
