"""Services that have a count or a sign of their own."""
