"""Plugins: the catalogue of the installation, and what each organization has installed of it."""
