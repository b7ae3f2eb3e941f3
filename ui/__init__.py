"""Pages and charts of the application; they call the functions that the commands call."""
