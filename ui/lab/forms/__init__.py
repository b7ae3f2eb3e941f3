"""The forms of the Scenario Lab, one a module: each draws what stands in a what-if and edits it."""
