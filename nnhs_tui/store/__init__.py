"""What is kept between runs, or for others, in files and sockets of the user."""
