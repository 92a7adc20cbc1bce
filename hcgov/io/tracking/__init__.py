"""MLflow: results are logged to it and training runs are read from it, always in a process of its own."""
