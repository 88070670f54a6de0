"""The osmand protocol: Traccar Client, scripts and shortcuts over HTTP."""
