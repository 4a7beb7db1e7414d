"""How: each engine turns a problem into a plan, a bound and events."""
