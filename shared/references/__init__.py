"""How the Nordics say where an invoice's money goes and what it pays: one module per scheme.

`instruction.py` puts them together: `PaymentInstruction`, what is wrong with one, and how it is
shown. Everything here is pure and knows nothing of any one service.
"""
