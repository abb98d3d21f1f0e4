"""The graph on loopback: a page to explore it and the REST interface that the page uses. Both only read."""
