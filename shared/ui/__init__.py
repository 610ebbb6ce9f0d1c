"""The look of every page: stylesheet, icons, templates, words in five languages."""
