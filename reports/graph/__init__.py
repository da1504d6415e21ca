"""A surveyed estate as a graph, in the forms that others read: one form a file. The HTML page is `lineage_page`."""
