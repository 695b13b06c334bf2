"""What each unit is: achievement, shortcoming, task, cause, proposal or context."""
