"""An audit of what a system really stores: its contract as Great Expectations suites, run where the rows lie."""
