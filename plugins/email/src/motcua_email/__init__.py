"""Messages to citizens by e-mail."""
