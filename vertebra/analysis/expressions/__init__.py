"""A company's own checks: a small language over the fields of work items, that can only say yes or no of an item.

It has no loops, no functions of one's own, no patterns, no names of people: whatever is written ends, reads nothing
but the fields below, and is given to an engine as a tree, never as text.
"""
