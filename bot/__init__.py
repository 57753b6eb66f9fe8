"""Every way in: the terminal and Discord. It imports ``index``, never the reverse."""
