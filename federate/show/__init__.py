"""What people see: the offline map, pictures and files for other programs."""
