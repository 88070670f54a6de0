"""Somebody who means no good: what each listener bears, and whether the enrolled are served meanwhile."""
