"""What came of it: indicators, paired comparison, risk."""
