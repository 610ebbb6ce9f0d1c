"""The store's schema, the same in every service's database; each service may add its own."""
