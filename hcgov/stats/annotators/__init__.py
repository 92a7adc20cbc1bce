"""People who judge: how reliably, how alike themselves, how much each of them, and how carefully."""
