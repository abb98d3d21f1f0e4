"""Readers: names and relations in texts. The BERT reader is kg.extract.extractor; importing this loads no torch."""
