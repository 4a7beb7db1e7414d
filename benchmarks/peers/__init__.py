"""Other programmes, asked the same questions, scored by our evaluator."""
