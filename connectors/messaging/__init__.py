"""The gateway for SMS and e-mail: a message leaves once an id, whatever is repeated."""
