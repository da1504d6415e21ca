"""An estate over HTTP: its pages, and a form that traces a value."""
