"""Documents: papers drawn from templates."""
