"""The hall: those who follow a presentation, what they are asked, and how they answer."""
