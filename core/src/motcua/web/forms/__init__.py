"""Forms generated from definitions: what the counter and the portal share."""
