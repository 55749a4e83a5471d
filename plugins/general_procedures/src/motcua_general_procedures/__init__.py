"""The procedures of the other nineteen fields."""
