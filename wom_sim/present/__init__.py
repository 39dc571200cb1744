"""What is shown to others: pictures of a comparison."""
