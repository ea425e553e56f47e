"""A class follows a presentation by SSH and in the browser, and answers."""
