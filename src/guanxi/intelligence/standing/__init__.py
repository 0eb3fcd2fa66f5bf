"""What the house makes of the marts: values, stages, tiers and the figures of the dashboards."""
