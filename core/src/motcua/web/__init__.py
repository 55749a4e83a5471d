"""HTTP: the JSON API, the portal and the counter."""
