"""Parts of the body that a letter names one by one: digits, bones, teeth, regions of the spine, what was found at the feet."""
