"""A mixed-integer model goes in, an honest outcome comes out."""
