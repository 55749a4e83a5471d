"""The admin console: everything a commune or a province settles for itself.

Pages of ours under ``/t/<slug>/admin/``, each calling a service, and the tables as they
stand below ``/t/<slug>/admin/bang/``, shown by piccolo-admin.
"""
