"""What one system demands of its fields: constraints and the model of a contract.

Imports `documents` and `values`.
"""
