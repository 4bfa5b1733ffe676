"""Maven: what `pom.xml` files say, and what they take from their parents."""
