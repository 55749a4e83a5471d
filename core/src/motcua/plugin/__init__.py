"""The extension surface: everything a procedure plugin may import."""
