"""Many runs: what they will cost, their execution, their results on disk."""
