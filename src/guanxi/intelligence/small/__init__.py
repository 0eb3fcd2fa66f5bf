"""The small refresh: customers of whom something changed are scored again on the scales of the last full refresh."""
