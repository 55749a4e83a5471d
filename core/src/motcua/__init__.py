"""Một Cửa: dossiers, deadlines and tenants of the communes' electronic one-stop shop."""
