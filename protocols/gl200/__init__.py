"""The gl200 protocol: Queclink's handhelds and pendants (@Track text) over TCP and UDP."""
