"""What can be asked of the rules, one file per aggregate.

Everything that a rule needs to know arrives in the command: what is set and how the debtor stands
comes as `Terms`.
"""
