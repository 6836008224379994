"""Proficiency-testing statistics after ISO 13528, usable without the application.

Nothing in this package may import Flask, SQLAlchemy or pandas: it is a library of its own.
"""
