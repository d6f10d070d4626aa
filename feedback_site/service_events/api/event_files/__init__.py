"""Service events from CSV and XLSX files."""
