"""The web assets of Một Cửa, built from npm packages into the wheel."""
