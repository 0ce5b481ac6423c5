"""What all resources of the JSON API share. Knows no domain: each app has its resources in an `api` package of its own."""
