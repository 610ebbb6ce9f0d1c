"""e-conomic, simulated: an accounting system with memory, served over its public interfaces.

Written from the vendor's public documentation; where that was not at hand the docstrings say so.
"""

from simulators.economic.app import create_app
from simulators.economic.books import Agreement, Books, open_agreement

__all__ = ["Agreement", "Books", "create_app", "open_agreement"]
