"""An independent checker: it reads databases and the outside world's own books, and imports no service."""
