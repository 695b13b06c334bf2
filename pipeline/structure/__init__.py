"""Lines, paragraphs, sections and units of a document, with offsets kept."""
