"""How findings are said: one file a format. Renderers never decide."""
