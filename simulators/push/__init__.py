"""A push service as browsers use one: takes messages for devices and keeps what it cannot read."""
