"""The rules of the order desk: values in, a decision or a refusal out. Standard library only."""
