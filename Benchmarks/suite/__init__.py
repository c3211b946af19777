"""The suite behind `Benchmarks/run.py`: treec and other libraries scoring and loading models."""
