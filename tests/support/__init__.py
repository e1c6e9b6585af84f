"""What tests stand on: a real PostgreSQL, the application, organizations of their own."""
