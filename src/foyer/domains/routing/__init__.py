"""Routing: under which hosts an organization is reached, and what the proxy is told."""
