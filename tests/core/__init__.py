"""The engine and the table of mathematics."""
