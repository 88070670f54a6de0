"""What is printed: one incident as a tagged PDF, by typst in a process of its own."""
