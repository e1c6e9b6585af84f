"""Notifications: what people are written, and what became of it."""
