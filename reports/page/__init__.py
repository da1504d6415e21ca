"""The lineage page: a whole estate in one HTML file that needs no network, no server and nobody's code but ours.

layout.py    where systems and entities stand: layers from the entries to the last system
payload.py   a survey as compact JSON, columns of numbers and each text once
page.py      the file: style, markup, script and data put together, under a policy that lets nothing else run
page.html    the markup
page.css     the style: light, dark, narrow, printed
model.js     the data unpacked: neighbours, closures, search
camera.js    moving about in a drawing, and keeping it as SVG or PNG
drawing.js   the drawings: all systems; and one field or entry with everything before and behind it
panel.js     what stands beside a drawing: owners, contracts, demands, the witness hop by hop
tables.js    the same content as tables; what narrows what
page.js      the page as a whole: addresses, search, keys, what is announced
"""
