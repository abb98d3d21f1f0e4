"""Readers of vocabulary files: each gives Terms and Mappings, whatever the file's format."""
