"""What checks of people's judgments share: columns as numpy arrays, and estimates whose rows are clustered."""
