"""Why an incident exists. Fixed at birth; nothing changes it afterwards."""

from enum import Enum


class Purpose(Enum):
    """REAL calls for help. TEST proves the road and makes no noise. DRILL exercises people and stays in the house."""

    REAL = "real"
    TEST = "test"
    DRILL = "drill"
