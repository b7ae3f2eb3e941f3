"""The banyan command."""
