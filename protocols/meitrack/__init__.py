"""The meitrack protocol: MT90 and P99 handhelds, Trackids, and the maker's vehicle units, over TCP and UDP."""
