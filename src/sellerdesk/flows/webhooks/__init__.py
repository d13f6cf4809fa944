"""What others hear of the journal: `deliver` sends it out, `bodies` and `words` say it."""
