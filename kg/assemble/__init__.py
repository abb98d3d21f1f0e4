"""From the votes of a triple to a statement: belief, and where statements contradict themselves."""

from kg.assemble.belief import assemble, assembler, contradictions
from kg.assemble.frequency import frequency
from kg.assemble.weights import Weights, load_weights

__all__ = ["Weights", "assemble", "assembler", "contradictions", "frequency", "load_weights"]
