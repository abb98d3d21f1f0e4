"""Text to hidden states: words, word pieces, windows and the BERT encoder. Knows no medicine."""
