"""The Django project: settings, addresses, servers. Wiring only; what the product does lies in `jobs`."""
