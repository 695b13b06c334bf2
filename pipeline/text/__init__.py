"""Pure work on strings: folding, normal forms, dates, numerals, syllables."""
