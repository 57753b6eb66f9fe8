"""One command of the terminal a file: it asks the library, writes, and returns the exit status."""
