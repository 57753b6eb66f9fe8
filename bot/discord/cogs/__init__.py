"""What people can do in Discord, one group of commands a file: declare, call, send."""
