"""How often the product's decision rules err: measured, not promised."""
