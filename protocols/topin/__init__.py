"""The topin protocol: ZX303, 365GPS and other Zhongxun tags over TCP."""
