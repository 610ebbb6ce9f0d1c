"""What a message says, as pure values: no clock, no server, no template engine."""
