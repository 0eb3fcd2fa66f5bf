"""Source records -> customers: exact keys, golden records, ids that stay the same (S1j)."""
