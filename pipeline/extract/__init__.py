"""What a document names and orders: tasks, deadlines, figures, references and mentions."""
