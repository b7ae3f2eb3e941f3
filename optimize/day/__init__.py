"""A dispatcher's day: orders and engineers as people bring them, the plan that stands, what happens to it."""
