"""Where: minutes, neighbours and shapes."""
