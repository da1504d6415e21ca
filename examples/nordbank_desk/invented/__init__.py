"""A bank to try Fieldline on: invented customers, stores of several kinds, and faults that are planted in them.

    cd examples/nordbank_desk && python -m invented --customers 100000 --serve

It knows nothing of Fieldline: what each system holds is said here once more, in plain Python, and the truth is what was
planted. The truth goes to `data/truth.json`, for tests alone.
"""
