"""What the doors for people share: how instants, amounts and other people's texts look, colours and icons.

It stands below the doors, so that the console and the buyers' portal can look alike without knowing each other.
"""
