"""The small published aggregates that dashboards read: one SQL file a figure."""
