"""The desk: pages on which a support agent finds a record, sees what is wrong, and hands it over.

They run in the server, which has the cases and knows who is signed in. Records are read by workers (`web/record_sheet.py`).
"""
