"""One record in every system that has it: what each must hold, what its store holds, and where the first difference began.

Nothing here opens a store. Stores are asked through a function that is handed in (`asking.AskStores`), so that what is
decided depends on their answers alone. Imports `checker.judging` and `checker.tracing`.
"""
