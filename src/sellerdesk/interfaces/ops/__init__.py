"""The door of those who watch: health, metrics, request logs, and the headers that every answer carries."""
