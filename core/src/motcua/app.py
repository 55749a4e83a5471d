"""The composition root: settings, engine, clock and plugins become one Litestar application."""
