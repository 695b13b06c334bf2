"""What bulk loading costs, and what misfortune does to it."""
