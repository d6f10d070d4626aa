"""Answers from CSV and XLSX files."""
