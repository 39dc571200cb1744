"""The nouns: people, ties, luck, treatments, the phases of a day, the trace. numpy only, no behaviour."""
