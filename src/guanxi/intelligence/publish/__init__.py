"""What a run found, sent into the operational database in chunks."""
