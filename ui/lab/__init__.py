"""What a planner changes: forms from the schema, the list of differences, the study."""
