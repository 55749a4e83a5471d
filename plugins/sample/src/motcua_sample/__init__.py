"""The smallest plugin that touches every hook."""
