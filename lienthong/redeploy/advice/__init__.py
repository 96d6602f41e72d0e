"""Our own rules about models: what the engine would run and a designer would yet regret. Pure, with words."""
