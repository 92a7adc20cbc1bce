"""The built-in stage plug-ins: a folder is a stage, a file is a check."""
