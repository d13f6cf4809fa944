"""Handing mail over: to a mail server, or into a folder where no server is configured."""
