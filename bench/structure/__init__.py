"""Units, headings and robustness of the structure, against labelled documents."""
