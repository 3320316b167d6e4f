"""What is measured, each as a program of its own: this project's engine, and the others beside it."""
