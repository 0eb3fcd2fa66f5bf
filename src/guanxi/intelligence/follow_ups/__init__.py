"""Follow-ups as facts: who was in which arm, and what each brought."""
