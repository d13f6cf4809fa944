"""What is typed into the console's forms: read, kept, checked, and handed on as requests of commands."""
