"""What the house costs against the bare database and against the library: `python -m tests.perf`."""
