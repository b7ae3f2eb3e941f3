"""The compiled search: large neighbourhoods of a plan, ruined and recreated."""
