"""What the command ``lienthong`` does, one file a command: ``run(arguments) -> exit code``."""
