"""The constraints of one system on its fields, and the model of a contract.

Imports `documents` and `values`.
"""
