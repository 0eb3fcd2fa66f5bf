"""Facts and dimensions: one SQL file a table, columns in `catalogue`."""
