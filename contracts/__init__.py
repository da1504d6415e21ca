"""What one system demands of its fields, each demand with its unit and its place; knows no graph."""
