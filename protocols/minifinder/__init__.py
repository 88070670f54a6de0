"""MiniFinder Pico and Eview's EV-07P, S and W: text messages from ! to ;, and a word of flags."""
