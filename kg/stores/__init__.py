"""Where the graph is kept and how it is published: the ledger and its projections."""
