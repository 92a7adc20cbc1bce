"""How far people who judge the same things agree: coefficients, their errors, agreement within and across groups."""
