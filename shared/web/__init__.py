"""What every service's HTTP side stands on: sign-in, tenant scope, problems, headers, forms."""
