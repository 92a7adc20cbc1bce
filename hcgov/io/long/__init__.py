"""Long tables of judgments: formats, mappings, and columns from them."""
