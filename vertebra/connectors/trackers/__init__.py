"""Systems whose work items are read over the network with their history, a file for each."""
