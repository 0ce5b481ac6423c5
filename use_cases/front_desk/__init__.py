"""Who rings for the first time: greets, asks the name, and offers what there is."""
