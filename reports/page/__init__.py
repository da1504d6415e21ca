"""The lineage page: a whole estate in one HTML file, without network, server or third-party code.

Imports `reports.text` and the rooms below `reports`.

layout.py    the positions of systems and entities: layers from the entries to the last system
payload.py   an overview as compact JSON, columns of numbers and each text once
page.py      the file: style, markup, script and data put together, under a policy that blocks everything else
page.html    the markup
page.css     the style: light, dark, narrow, printed
model.js     the data unpacked: neighbours, closures, search
camera.js    moving about in a drawing, and keeping it as SVG or PNG
drawing.js   the drawings: all systems; and one field or entry with everything upstream and downstream of it
panel.js     the panel beside a drawing: owners, contracts, obligations, the witness hop by hop
tables.js    the same content as tables; the entries that each system narrows
page.js      the page as a whole: addresses, search, keys, announcements
"""
