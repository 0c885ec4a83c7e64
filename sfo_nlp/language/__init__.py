"""From text to sentences, vectors and probabilities: everything that the checks share, made once."""
