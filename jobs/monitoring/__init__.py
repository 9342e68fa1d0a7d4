"""What monitoring asks: alive, ready, numbers."""
