"""Webhooks: what an organizer's own systems are told."""
