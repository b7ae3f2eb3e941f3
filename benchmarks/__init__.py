"""Speed and quality, one command each; they translate to the product's problem and hold no logic of it."""
