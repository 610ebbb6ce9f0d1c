"""The command line, the demo's supervisor and the independent checker."""
