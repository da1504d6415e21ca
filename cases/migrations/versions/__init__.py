"""One revision a file, in the order of their numbers. They import none of our modules: those move on, revisions stay."""
