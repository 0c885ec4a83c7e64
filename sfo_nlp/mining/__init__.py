"""Many reviews at once: taken into a store over all cores, asked what they say together, reported once a year."""
