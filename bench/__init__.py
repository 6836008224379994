"""Benchmarks: figures beside something, never a timed test."""
