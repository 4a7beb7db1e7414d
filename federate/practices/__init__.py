"""What is: practices, bases, partners and ties, and where they come from."""
